package dev.moongate.provider;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Resolves a name once and gives the connector exactly the addresses that were checked, so that no
 * second answer of a name server can slip in between. One closed address among many refuses all.
 */
final class GuardedResolver implements SocketAddressResolver {
  private final Executor executor;

  GuardedResolver(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void resolve(
      String host,
      int port,
      Map<String, Object> context,
      Promise<List<InetSocketAddress>> promise) {
    executor.execute(() -> {
      try {
        promise.succeeded(
            requirePublic(host).stream().map(a -> new InetSocketAddress(a, port)).toList());
      } catch (UnknownHostException | RuntimeException e) {
        promise.failed(e);
      }
    });
  }

  /**
   * All addresses of a host.
   *
   * @throws AddressRefusedException if one of them is not public
   */
  static List<InetAddress> requirePublic(String host) throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    for (InetAddress address : addresses) {
      if (!AddressGuard.isPublic(address)) {
        throw new AddressRefusedException(
            "the host resolves to " + address.getHostAddress() + ", which is not public");
      }
    }
    return Arrays.asList(addresses);
  }
}
