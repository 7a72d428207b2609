package dev.moongate.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bad line between a client and a gateway: it loses requests, answers, halves of both, and
 * answers for itself. What happens to a try follows from the seed, the number that the client gave
 * its call in {@code X-Call}, and the SDK's retry count, so a run can be had again by its seed.
 */
public final class LossyProxy implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 240_000;

  private final ServerSocket listener = new ServerSocket(0, 300, InetAddress.getLoopbackAddress());
  private final int gateway;
  private final long seed;
  private final Queue<Try> tries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  public LossyProxy(int gateway, long seed) throws IOException {
    this.gateway = gateway;
    this.seed = seed;
    Thread.startVirtualThread(this::accept);
  }

  /** What happens to one try; 30 in 100 are resets. */
  public enum Fate {
    PASS(55, Arrival.WHOLE),
    /** Before anything was forwarded. */
    RESET_AT_ONCE(6, Arrival.NOT_WHOLE),
    /** On both sides, after a part of the request was forwarded. */
    RESET_PART_SENT(6, Arrival.NOT_WHOLE),
    /** On the client's side, after all of the request was forwarded. */
    RESET_ALL_SENT(8, Arrival.WHOLE),
    /** On both sides, after all of the request was forwarded: it may be lost on the last metre. */
    RESET_BOTH_ALL_SENT(3, Arrival.UNKNOWN),
    RESET_MID_ANSWER(7, Arrival.WHOLE),
    /** A load balancer's page, while the gateway works or in place of its answer. */
    PAGE_5XX(15, Arrival.WHOLE);

    private final int share;
    private final Arrival arrival;

    Fate(int share, Arrival arrival) {
      this.share = share;
      this.arrival = arrival;
    }

    public Arrival arrival() {
      return arrival;
    }

    private static Fate of(int percent) {
      int sum = 0;
      for (Fate fate : values()) {
        sum += fate.share;
        if (percent < sum) {
          return fate;
        }
      }
      throw new IllegalArgumentException("not a percent: " + percent);
    }
  }

  /** Whether the gateway had all of a request. */
  public enum Arrival {
    WHOLE,
    NOT_WHOLE,
    UNKNOWN
  }

  /**
   * One request on its way.
   *
   * @param status of the gateway's answer, whether the client saw it or not; 0 if nobody waited for
   *     it, -1 if it never came
   */
  public record Try(int call, int count, Fate fate, int status, boolean joined) {}

  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** All tries that have come to their end. */
  public List<Try> tries() {
    return List.copyOf(tries);
  }

  /** Until nothing is under way any more, also on the gateway's side. */
  public void awaitSilence() {
    Await.until("the line is silent", () -> underWay.get() == 0);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      while (!client.isClosed()) {
        carry(client, Message.head(client.getInputStream()));
      }
    } catch (IOException e) {
      // The client has gone, between two requests or in the middle of one.
    }
  }

  private void carry(Socket client, String head) throws IOException {
    int call = Message.number(head, "X-Call");
    int count = Message.number(head, "X-Stainless-Retry-Count");
    SplittableRandom random = new SplittableRandom(seed ^ (call * 1_000_003L + count));
    random.nextLong();
    Fate fate = Fate.of(random.nextInt(100));
    underWay.incrementAndGet();
    try {
      Optional<Message> answer = suffer(fate, client, head, random);
      int status = answer.map(Message::status).orElse(0);
      boolean joined = answer.map(a -> a.head().contains("Idempotent-Replayed")).orElse(false);
      tries.add(new Try(call, count, fate, status, joined));
    } catch (IOException e) {
      tries.add(new Try(call, count, fate, -1, false));
      throw e;
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** The gateway's answer, if anybody waited for it. */
  private Optional<Message> suffer(Fate fate, Socket client, String head, SplittableRandom random)
      throws IOException {
    if (fate == Fate.RESET_AT_ONCE) {
      reset(client);
      return Optional.empty();
    }
    byte[] request = Message.withBody(head, client.getInputStream()).bytes();
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), gateway)) {
      server.setSoTimeout(PATIENCE_MILLIS);
      int sent = fate == Fate.RESET_PART_SENT ? random.nextInt(1, request.length) : request.length;
      server.getOutputStream().write(request, 0, sent);
      server.getOutputStream().flush();
      return switch (fate) {
        case RESET_PART_SENT, RESET_BOTH_ALL_SENT -> {
          reset(client);
          reset(server);
          yield Optional.empty();
        }
        case RESET_ALL_SENT -> {
          reset(client);
          // The gateway sees the end of its client, and goes on.
          server.shutdownOutput();
          yield Optional.of(Message.read(server.getInputStream()));
        }
        case RESET_MID_ANSWER -> {
          Message answer = Message.read(server.getInputStream());
          byte[] bytes = answer.bytes();
          client.getOutputStream().write(bytes, 0, random.nextInt(1, bytes.length));
          client.getOutputStream().flush();
          reset(client);
          yield Optional.of(answer);
        }
        case PAGE_5XX -> {
          byte[] page = page(502 + random.nextInt(3));
          boolean hasty = random.nextBoolean();
          if (hasty) {
            client.getOutputStream().write(page);
          }
          Message answer = Message.read(server.getInputStream());
          if (!hasty) {
            client.getOutputStream().write(page);
          }
          client.close();
          yield Optional.of(answer);
        }
        default -> {
          Message answer = Message.read(server.getInputStream());
          client.getOutputStream().write(answer.bytes());
          yield Optional.of(answer);
        }
      };
    }
  }

  private static byte[] page(int status) {
    String html = "<html><body><h1>" + status + "</h1>nginx</body></html>";
    return """
    HTTP/1.1 %d Bad\r
    Content-Type: text/html\r
    Connection: close\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(status, html.length(), html)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  /** A request or an answer, of known length; a char is a byte. */
  private record Message(String head, String body) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final int LONGEST_HEAD = 64 * 1024;

    static Message read(InputStream in) throws IOException {
      return withBody(head(in), in);
    }

    static Message withBody(String head, InputStream in) throws IOException {
      int length = number(head, "Content-Length");
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("cut off");
      }
      return new Message(head, new String(body, StandardCharsets.ISO_8859_1));
    }

    static String head(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
        int next = in.read();
        if (next < 0 || head.length() > LONGEST_HEAD) {
          throw new EOFException("no head");
        }
        head.append((char) next);
      }
      return head.toString();
    }

    static int number(String head, String header) {
      Matcher matcher =
          Pattern.compile("\r\n" + header + ": (\\d+)\r\n", Pattern.CASE_INSENSITIVE).matcher(head);
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    int status() {
      Matcher matcher = STATUS.matcher(head);
      return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    byte[] bytes() {
      return (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
