package dev.moongate.provider;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.client.AuthenticationStore;
import org.eclipse.jetty.client.BasicAuthentication;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyConfiguration;
import org.eclipse.jetty.http.HttpHeader;

/** The proxy that calls leave by, where the operator has set one. */
final class EgressProxy {
  private EgressProxy() {}

  /** Sends what {@code egress} says through a proxy. */
  static void use(
      ProxyConfiguration proxies, AuthenticationStore credentials, Egress egress, URI uri) {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    HttpProxy proxy =
        new HttpProxy(new Origin.Address(uri.getHost(), port), secure) {
          @Override
          public boolean matches(Origin origin) {
            Origin.Address to = origin.getAddress();
            return egress.usesProxy(origin.getScheme(), to.getHost(), to.getPort());
          }
        };
    proxies.addProxy(proxy);
    String user = uri.getRawUserInfo();
    if (user != null) {
      // Sent with the first CONNECT, so that no challenge has to be answered.
      int colon = user.indexOf(':');
      credentials.addAuthenticationResult(
          new BasicAuthentication.BasicResult(
              proxy.getURI(),
              HttpHeader.PROXY_AUTHORIZATION,
              decoded(colon < 0 ? user : user.substring(0, colon)),
              decoded(colon < 0 ? "" : user.substring(colon + 1))));
    }
  }

  // A plus is a plus here, unlike in a form.
  private static String decoded(String percentEncoded) {
    return URLDecoder.decode(percentEncoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
