package dev.moongate.provider;

import java.net.UnknownHostException;

/** A host that may not be connected to; the message says why. */
public final class AddressRefusedException extends UnknownHostException {
  AddressRefusedException(String message) {
    super(message);
  }
}
