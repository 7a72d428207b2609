package dev.moongate.http;

import java.time.Duration;

/** Is told of every request once its answer has left. */
@FunctionalInterface
public interface RequestMeter {
  /**
   * A request was answered.
   *
   * @param method of the route; {@code other} if the request met none
   * @param route its path, stars and all; {@code none} if the request met none
   * @param status that was sent; of an answer that began well and then failed, such as a stream,
   *     the one of its error
   * @param time from the request's first byte to the answer's last
   */
  void answered(String method, String route, int status, Duration time);
}
