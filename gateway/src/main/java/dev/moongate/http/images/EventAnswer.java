package dev.moongate.http.images;

import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generation.Picture;
import dev.moongate.generation.Generations;
import dev.moongate.generation.Watch;
import dev.moongate.http.EventStream;
import dev.moongate.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers with events: how the generation stands, each picture as soon as it is stored, and at last
 * what is to be said about all of them, or why it ended. It goes on for as long as the generation
 * does. A client that has gone is noticed when the next event or heartbeat cannot be written.
 */
final class EventAnswer {
  private final Generations generations;
  private final Events events;
  private final LinkBase links;
  private final Duration heartbeat;

  /**
   * @param heartbeat how long it is silent at most
   */
  EventAnswer(Generations generations, Events events, LinkBase links, Duration heartbeat) {
    this.generations = generations;
    this.events = events;
    this.links = links;
    this.heartbeat = heartbeat;
  }

  /**
   * Blocks until the generation has ended and all is written.
   *
   * @throws dev.moongate.error.GatewayException if it does not end well
   */
  void write(Exchange exchange, String id) throws IOException, InterruptedException {
    String base = links.base(exchange);
    try (Watch watch = generations.watch(id)) {
      Generation first = watch.now();
      if (first.storedImages().isEmpty()) {
        // Nothing was said yet: a status says more than an event.
        throwFailure(first);
      }
      EventStream stream = exchange.events();
      stream.comment("generation " + id);
      follow(stream, watch, base);
    }
  }

  private void follow(EventStream stream, Watch watch, String base)
      throws IOException, InterruptedException {
    Set<Integer> sent = new HashSet<>();
    ObjectNode shown = null;
    while (true) {
      Generation now = watch.now();
      boolean silent = true;
      if (!now.state().terminal()) {
        ObjectNode progress = events.progress(now);
        silent = progress.equals(shown);
        if (!silent) {
          events.send(stream, progress);
          shown = progress;
        }
      }
      silent &= !sendStored(stream, now, sent);
      if (now.state().terminal()) {
        throwFailure(now);
        events.send(stream, events.done(now, base));
        return;
      }
      if (silent) {
        stream.comment("still here");
      }
      watch.await(heartbeat);
    }
  }

  /** Whether there was any that was not sent before. */
  private boolean sendStored(EventStream stream, Generation now, Set<Integer> sent)
      throws IOException {
    boolean any = false;
    for (Picture picture : now.pictures()) {
      if (picture.stored() != null && sent.add(picture.index())) {
        events.sendPicture(stream, now, picture.index(), picture.stored());
        any = true;
      }
    }
    return any;
  }

  private static void throwFailure(Generation generation) {
    @Nullable Failure failure = generation.failure();
    if (failure != null) {
      throw failure.toException(generation.id());
    }
  }
}
