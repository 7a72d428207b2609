package dev.moongate.provider;

import java.util.function.Supplier;

/** Lets the calls of one question that takes several go out as fast as the provider allows. */
public interface Pace {
  /** Makes the call once it may go out; blocks until then. */
  CallOutcome next(Supplier<CallOutcome> call);
}
