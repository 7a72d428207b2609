package dev.moongate.provider;

import java.net.InetAddress;

/** The addresses that share their first {@code bits} bits. */
final class AddressBlock {
  private final byte[] prefix;
  private final int bits;

  private AddressBlock(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fc00::/7}, or a single address.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static AddressBlock of(String written) {
    int slash = written.indexOf('/');
    byte[] prefix =
        InetAddress.ofLiteral(slash < 0 ? written : written.substring(0, slash)).getAddress();
    int all = prefix.length * Byte.SIZE;
    int bits = slash < 0 ? all : Integer.parseInt(written.substring(slash + 1));
    if (bits < 0 || bits > all) {
      throw new IllegalArgumentException("no block of addresses has " + bits + " bits");
    }
    return new AddressBlock(prefix, bits);
  }

  boolean holds(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
