package dev.moongate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A self-signed certificate for localhost and a few names under .test, made by the JDK's keytool.
 */
public final class TestCertificate {
  private static final String PASSWORD = "changeit";

  private final Path store;

  private TestCertificate(Path store) {
    this.store = store;
  }

  public static TestCertificate in(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("localhost.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "localhost",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,dns:upstream.test,dns:pictures.test,dns:upstream.near.test",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    if (!keytool.waitFor(120, TimeUnit.SECONDS) || !Files.exists(store)) {
      throw new IllegalStateException("keytool failed");
    }
    return new TestCertificate(store);
  }

  /** Makes sockets that show it. */
  public ServerSocketFactory serverSockets() throws Exception {
    SslContextFactory.Server server = new SslContextFactory.Server();
    server.setKeyStorePath(store.toUri().toString());
    server.setKeyStorePassword(PASSWORD);
    server.start();
    return server.getSslContext().getServerSocketFactory();
  }

  /** A client that trusts it. */
  public SslContextFactory.Client trust() {
    SslContextFactory.Client client = new SslContextFactory.Client();
    client.setTrustStorePath(store.toUri().toString());
    client.setTrustStorePassword(PASSWORD);
    return client;
  }

  /** Lets clients that this JVM makes from now on trust it, and it alone, until closed. */
  public Trust trustEverywhere() {
    Map<String, String> trust =
        Map.of(
            "javax.net.ssl.trustStore",
            store.toString(),
            "javax.net.ssl.trustStorePassword",
            PASSWORD,
            "javax.net.ssl.trustStoreType",
            "PKCS12");
    trust.forEach(System::setProperty);
    return () -> trust.keySet().forEach(System::clearProperty);
  }

  /** Ends when closed. */
  public interface Trust extends AutoCloseable {
    @Override
    void close();
  }
}
