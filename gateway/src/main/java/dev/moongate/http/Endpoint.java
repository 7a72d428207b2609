package dev.moongate.http;

/** What answers a route. It runs on a virtual thread and may block; a refusal is an exception. */
@FunctionalInterface
public interface Endpoint {
  void answer(Exchange exchange) throws Exception;
}
