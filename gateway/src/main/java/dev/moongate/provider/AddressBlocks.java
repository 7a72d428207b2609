package dev.moongate.provider;

import java.util.Arrays;
import java.util.List;

/**
 * The address blocks that are not the open internet: IANA's special-purpose registries for IPv4 and
 * IPv6 (as of 2026), and the addresses at which clouds keep their metadata.
 */
final class AddressBlocks {
  private static final List<AddressBlock> CLOSED_V4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // Azure's metadata and DNS, public by registry and inside by use.
          "168.63.129.16/32");

  /**
   * All that is handed out to networks so far; everything else in IPv6 is special or unassigned.
   */
  private static final AddressBlock GLOBAL_V6 = AddressBlock.of("2000::/3");

  /** Within it: protocol assignments with Teredo and ORCHID, documentation, 6to4. */
  private static final List<AddressBlock> CLOSED_V6 =
      blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  /** NAT64: stands for the IPv4 address in its last four bytes, and is as public as that is. */
  private static final AddressBlock NAT64 = AddressBlock.of("64:ff9b::/96");

  private AddressBlocks() {}

  static boolean isPublic(byte[] address) {
    if (address.length == 4) {
      return CLOSED_V4.stream().noneMatch(block -> block.holds(address));
    }
    if (NAT64.holds(address)) {
      return isPublic(Arrays.copyOfRange(address, 12, 16));
    }
    return GLOBAL_V6.holds(address) && CLOSED_V6.stream().noneMatch(block -> block.holds(address));
  }

  private static List<AddressBlock> blocks(String... written) {
    return Arrays.stream(written).map(AddressBlock::of).toList();
  }
}
