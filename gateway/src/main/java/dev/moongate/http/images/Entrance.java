package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ImageRequest;
import java.time.Duration;

/** What every address does that begins a generation and waits for it, whatever its shape. */
public final class Entrance {
  private Entrance() {}

  /** Admits, and says how the limits stand, also to who is refused. */
  public static Admitted submit(
      Generations generations,
      Exchange exchange,
      ImageRequest request,
      ReceivedBody body,
      Resend marks) {
    try {
      return generations.submit(exchange.caller(), request, body::keepInputs, marks);
    } finally {
      RateHeaders.put(exchange, generations.rates(exchange.caller()));
    }
  }

  /**
   * What who has waited long enough is told.
   *
   * @param path where generations are asked for by their ids
   */
  public static GatewayException unfinished(Generation generation, Duration waited, String path) {
    String where = "ask GET " + path + "/" + generation.id();
    return generation.state() == State.UNCERTAIN
        ? new GatewayException(
                ErrorCode.OUTCOME_UNKNOWN,
                "The provider's answer to this request was lost. Its list of tasks is searched for"
                    + " it, and it is not sent again before that: "
                    + where)
            .of(generation.id())
        : new GatewayException(
                ErrorCode.STILL_RUNNING,
                "The picture is not ready after %d seconds. It goes on: %s"
                    .formatted(waited.toSeconds(), where))
            .of(generation.id());
  }
}
