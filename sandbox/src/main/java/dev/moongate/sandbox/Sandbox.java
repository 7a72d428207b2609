package dev.moongate.sandbox;

import dev.moongate.sandbox.http.Account;
import dev.moongate.sandbox.http.Face;
import dev.moongate.sandbox.http.Links;
import dev.moongate.sandbox.task.Journal;
import dev.moongate.sandbox.task.Pictures;
import dev.moongate.sandbox.task.Tasks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/** A running sandbox: the built-in upstream on a port of its own. Close it to stop it. */
public final class Sandbox implements AutoCloseable {
  private final SandboxSettings settings;
  private final FileChannel lock;
  private final Journal journal;
  private final Tasks tasks;
  private final Face face;
  private @Nullable Server server;
  private int port;

  private Sandbox(SandboxSettings settings, FileChannel lock) throws IOException {
    this.settings = settings;
    this.lock = lock;
    Path home = settings.home();
    Pictures pictures = new Pictures(home.resolve("pictures"));
    this.journal = new Journal(home.resolve("journal.jsonl"), settings.clock());
    this.tasks = new Tasks(settings, journal, pictures);
    this.face = new Face(settings, tasks, journal, pictures, Links.open(home.resolve("link.key")));
  }

  /** Starts one. It listens, and goes on with the tasks it finds in its home, when this returns. */
  public static Sandbox start(SandboxSettings settings) throws IOException {
    Files.createDirectories(settings.home());
    Sandbox sandbox = new Sandbox(settings, lock(settings.home()));
    try {
      sandbox.listen();
      sandbox.tasks.start();
      return sandbox;
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /** The {@code api_key_id} that the tasks of a key bear in the list. */
  public static String keyName(String key) {
    return Account.nameOf(key);
  }

  private static FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another sandbox of this process has it: the same answer as for another process.
    }
    channel.close();
    throw new IOException("another sandbox is using " + home);
  }

  /** Tries the port of last time first: links that a gateway has kept point to it. */
  private void listen() throws IOException {
    Path file = settings.home().resolve("port");
    int last = settings.port() == 0 && Files.exists(file) ? readPort(file) : 0;
    Server started = last == 0 ? null : tryListen(last);
    if (started == null) {
      started = listen(settings.port());
    }
    server = started;
    port = ((ServerConnector) started.getConnectors()[0]).getLocalPort();
    Files.writeString(file, Integer.toString(port));
  }

  private static int readPort(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 0;
  }

  private @Nullable Server tryListen(int on) {
    try {
      return listen(on);
    } catch (IOException e) {
      return null;
    }
  }

  private Server listen(int on) throws IOException {
    Server fresh = new Server(new VirtualThreadPool());
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(fresh, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(on);
    // A synchronous call of twelve slow pictures, or a hanging one, must not be cut by us.
    connector.setIdleTimeout(Duration.ofMinutes(30).toMillis());
    fresh.addConnector(connector);
    fresh.setHandler(face);
    fresh.setStopTimeout(0);
    try {
      fresh.start();
      return fresh;
    } catch (Exception e) {
      stop(fresh);
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the sandbox's server does not stop", e);
    }
  }

  /** Where DashScope's paths begin. */
  public String baseUrl() {
    String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/api/v1";
  }

  public int port() {
    return port;
  }

  /** Stops at once. Tasks stay on the disk and go on when a sandbox starts there again. */
  @Override
  public void close() throws IOException {
    if (server != null) {
      stop(server);
    }
    tasks.close();
    journal.close();
    lock.close();
  }
}
