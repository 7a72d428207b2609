package dev.moongate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue queue = new FairQueue();

  private static Flow flow(String project, int projectWeight, String key, int keyWeight) {
    return new Flow(project, projectWeight, key, keyWeight, 1000, 1000);
  }

  /** How often each key had its turn. */
  private Map<String, Integer> turns(int count, int pictures, Flow... flows) {
    Map<String, Integer> turns = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Flow next = queue.next(List.of(flows)).orElseThrow();
      queue.served(next, pictures);
      turns.merge(next.key(), 1, Integer::sum);
    }
    return turns;
  }

  @Test
  void nobodyWaitsNobodyIsServed() {
    assertThat(queue.next(List.of())).isEmpty();
  }

  @Test
  void keysOfEqualWeightAreServedInTurn() {
    assertThat(turns(300, 1, flow("p", 1, "a", 1), flow("p", 1, "b", 1), flow("p", 1, "c", 1)))
        .isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
  }

  @Test
  void weightsAreSharesOfPictures() {
    assertThat(turns(400, 1, flow("p", 1, "a", 3), flow("p", 1, "b", 1)))
        .isEqualTo(Map.of("a", 300, "b", 100));
  }

  @Test
  void projectsShareFirstAndTheirKeysShareWhatTheirProjectHas() {
    assertThat(turns(400, 1, flow("p", 1, "a", 1), flow("p", 1, "b", 1), flow("q", 1, "c", 1)))
        .isEqualTo(Map.of("a", 100, "b", 100, "c", 200));
  }

  @Test
  void whoTakesManyPicturesAtOnceHasFewerTurns() {
    List<Flow> both = List.of(flow("p", 1, "big", 1), flow("q", 1, "small", 1));
    Map<String, Integer> pictures = new TreeMap<>();
    for (int i = 0; i < 1300; i++) {
      Flow next = queue.next(both).orElseThrow();
      int taken = next.key().equals("big") ? 12 : 1;
      queue.served(next, taken);
      pictures.merge(next.key(), taken, Integer::sum);
    }
    assertThat(pictures.get("big"))
        .isBetween(pictures.get("small") - 12, pictures.get("small") + 12);
  }

  @Test
  void aNewcomerIsServedNextButOneHoweverLongTheOthersQueueIs() {
    turns(500, 1, flow("p", 1, "flood", 1));
    List<Flow> both = List.of(flow("p", 1, "flood", 1), new Flow("q", 1, "one", 1, 1, 1));
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Flow next = queue.next(both).orElseThrow();
      queue.served(next, 1);
      order.add(next.key());
    }
    assertThat(order).contains("one");
  }

  @Test
  void whoComesAndGoesWithBigRequestsGetsNoMoreThanItsShare() {
    List<Flow> flood = List.of(flow("p", 1, "flood", 1));
    List<Flow> both = List.of(flow("p", 1, "flood", 1), new Flow("q", 1, "now and then", 1, 1, 12));
    int floods = 0;
    int others = 0;
    for (int i = 0; i < 1000; i++) {
      // It is away for a turn after each of its requests.
      Flow next = queue.next(i % 2 == 0 ? both : flood).orElseThrow();
      int taken = next.key().equals("flood") ? 1 : 12;
      queue.served(next, taken);
      if (taken == 1) {
        floods++;
      } else {
        others += taken;
      }
    }
    assertThat(others).isLessThanOrEqualTo(floods + 12);
  }

  @Test
  void askingTwiceAnswersTheSame() {
    List<Flow> flows = List.of(flow("p", 1, "a", 1), flow("q", 2, "b", 1));
    Flow first = queue.next(flows).orElseThrow();
    assertThat(queue.next(flows)).contains(first);
  }

  @Test
  void aPlaceCountsWhatTheOthersGetMeanwhile() {
    List<Flow> flows =
        List.of(
            new Flow("p", 1, "flood", 1, 10_000, 10_000),
            new Flow("p", 1, "own", 1, 3, 3),
            new Flow("q", 1, "other", 1, 2, 2));
    assertThat(FairQueue.ahead(flows, "p", "own", 0)).isEqualTo(3);
    assertThat(FairQueue.ahead(flows, "p", "own", 2)).isEqualTo(2 + 3 + 2);
    assertThat(FairQueue.ahead(flows, "q", "other", 0)).isEqualTo(1);
    assertThat(FairQueue.ahead(List.of(), "q", "new", 0)).isZero();
  }
}
