package dev.moongate.store;

import dev.moongate.image.ImageHeader;
import dev.moongate.provider.AddressGuard;
import dev.moongate.provider.AddressRefusedException;
import dev.moongate.provider.Download;
import dev.moongate.provider.HttpCalls;
import dev.moongate.store.FetchOutcome.Broken;
import dev.moongate.store.FetchOutcome.Fetched;
import dev.moongate.store.FetchOutcome.Gone;
import dev.moongate.store.FetchOutcome.Retry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The one class that opens sockets for pictures. It sends no credentials, judges every hop of a
 * redirect by itself, connects only to addresses that were checked, and lets nothing pass for a
 * picture that is not a whole one. Blocks its (virtual) thread; safe from many at once.
 */
public final class ImageFetcher {
  private static final int MOST_REDIRECTS = 3;
  private static final int BLOCK = 64 * 1024;
  private static final int HEAD = 512 * 1024;
  private static final long MOST_PIXELS = 100_000_000;

  private final HttpCalls calls;
  private final BiConsumer<FetchOutcome, Duration> ended;

  public ImageFetcher(HttpCalls calls) {
    this(calls, (_, _) -> {});
  }

  /**
   * @param ended is told of every fetch, and how long it took
   */
  public ImageFetcher(HttpCalls calls, BiConsumer<FetchOutcome, Duration> ended) {
    this.calls = calls;
    this.ended = ended;
  }

  /**
   * Fetches one picture.
   *
   * @param sink a fresh one; the caller commits or closes it
   * @throws UncheckedIOException if the sink cannot be written to
   */
  public FetchOutcome fetch(String link, FetchRules rules, ImageStore.Sink sink) {
    long begin = System.nanoTime();
    FetchOutcome outcome = follow(link, rules, sink, begin);
    ended.accept(outcome, Duration.ofNanos(System.nanoTime() - begin));
    return outcome;
  }

  private FetchOutcome follow(String link, FetchRules rules, ImageStore.Sink sink, long begin) {
    String next = link;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      Optional<Target> target = Target.of(next, rules);
      if (target.isEmpty()) {
        return new Gone("the link may not be followed");
      }
      Duration left = rules.totalTime().minusNanos(System.nanoTime() - begin);
      if (left.toMillis() <= 0) {
        return new Retry("timed out");
      }
      try (Download download =
          calls.download(
              target.orElseThrow().uri(), target.orElseThrow().trusted(), rules.patience(), left)) {
        Optional<String> redirect = redirectOf(target.orElseThrow().uri(), download);
        if (redirect.isEmpty()) {
          return read(download, rules, sink);
        }
        next = redirect.orElseThrow();
      } catch (AddressRefusedException e) {
        return new Gone("not connected: " + e.getMessage());
      } catch (ConnectException | UnknownHostException e) {
        return new Retry("not connected: " + e.getMessage());
      } catch (InterruptedIOException e) {
        return new Retry("no answer: " + e.getMessage());
      } catch (IOException e) {
        return new Broken("no answer: " + e.getMessage());
      }
    }
    return new Gone("more than " + MOST_REDIRECTS + " redirects");
  }

  private static Optional<String> redirectOf(URI from, Download download) {
    String location = download.location();
    return switch (download.status()) {
      case 301, 302, 303, 307, 308 -> {
        try {
          // A redirect to nowhere is followed into the guard, which refuses it.
          yield Optional.of(location == null ? "" : from.resolve(location).toString());
        } catch (IllegalArgumentException malformed) {
          yield Optional.of("");
        }
      }
      default -> Optional.empty();
    };
  }

  private static FetchOutcome read(Download download, FetchRules rules, ImageStore.Sink sink) {
    int status = download.status();
    if (status == 403 || status == 404 || status == 410) {
      return new Gone("status " + status);
    }
    if (status != 200) {
      return new Retry("status " + status);
    }
    if (download.encoded()) {
      return new Gone("it came encoded, which nobody asked for");
    }
    if (download.contentLength() > rules.maxBytes()) {
      return new Gone("it is larger than " + rules.maxBytes() + " bytes");
    }
    try {
      return copy(download, rules, sink.out());
    } catch (PictureWalk.BrokenPictureException e) {
      return new Gone(String.valueOf(e.getMessage()));
    } catch (InterruptedIOException e) {
      return new Retry("broke off: " + e.getMessage());
    } catch (IOException e) {
      return new Broken("broke off: " + e.getMessage());
    }
  }

  private static FetchOutcome copy(Download download, FetchRules rules, OutputStream out)
      throws IOException, PictureWalk.BrokenPictureException {
    InputStream body = download.body();
    Pace pace = new Pace(rules);
    byte[] head = head(body, pace);
    ImageHeader header =
        ImageHeader.read(new ByteArrayInputStream(head))
            .orElseThrow(() -> new PictureWalk.BrokenPictureException("it is no picture"));
    if ((long) header.width() * header.height() > MOST_PIXELS) {
      throw new PictureWalk.BrokenPictureException("it claims too many pixels");
    }
    MessageDigest sha256 = sha256();
    PictureWalk walk = PictureWalk.of(header.format());
    byte[] block = new byte[BLOCK];
    long total = 0;
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(head), body);
    for (int count = all.read(block); count >= 0; count = all.read(block)) {
      total += count;
      if (total > rules.maxBytes()) {
        throw new PictureWalk.BrokenPictureException(
            "it is larger than " + rules.maxBytes() + " bytes");
      }
      pace.requireFastEnough(total);
      walk.feed(block, 0, count);
      sha256.update(block, 0, count);
      write(out, block, count);
    }
    if (download.contentLength() >= 0 && total != download.contentLength()) {
      throw new IOException("shorter than announced");
    }
    walk.end();
    return new Fetched(header.format(), header.width(), header.height(), total, hex(sha256));
  }

  // As much as any header needs: a JPEG may have its dimensions behind a large colour profile.
  private static byte[] head(InputStream body, Pace pace) throws IOException {
    byte[] head = new byte[HEAD];
    int length = 0;
    while (length < HEAD) {
      int count = body.read(head, length, HEAD - length);
      if (count < 0) {
        break;
      }
      length += count;
      pace.requireFastEnough(length);
    }
    return java.util.Arrays.copyOf(head, length);
  }

  // Our own disk failing must not look like the provider's fault.
  private static void write(OutputStream out, byte[] block, int count) {
    try {
      out.write(block, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a link leads under an account's rules. */
  private record Target(URI uri, boolean trusted) {
    static Optional<Target> of(String link, FetchRules rules) {
      URI uri;
      try {
        uri = URI.create(link);
      } catch (IllegalArgumentException malformed) {
        return Optional.empty();
      }
      String scheme = uri.getScheme();
      boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      if (!web || uri.getHost() == null || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      if (rules.httpsOnly() && "http".equalsIgnoreCase(scheme)) {
        // An explicit port 80 would be the wrong door; any other was chosen on purpose.
        String rest =
            link.substring("http".length()).replaceFirst("^(://[^/?#]*):80(?=[/?#]|$)", "$1");
        uri = URI.create("https" + rest);
      }
      boolean trusted = rules.trusts(uri.getHost());
      return trusted || AddressGuard.refusalOf(uri.toString()).isEmpty()
          ? Optional.of(new Target(uri, trusted))
          : Optional.empty();
    }
  }

  /** Breaks off what comes too slowly: a stream of single bytes never looks idle. */
  private static final class Pace {
    private final FetchRules rules;
    private final long begin = System.nanoTime();

    Pace(FetchRules rules) {
      this.rules = rules;
    }

    void requireFastEnough(long bytes) throws IOException {
      long elapsed = System.nanoTime() - begin;
      boolean judged = elapsed > rules.patience().toNanos();
      if (judged && bytes * 1e9 / elapsed < rules.bytesPerSecond()) {
        throw new InterruptedIOException("too slow");
      }
    }
  }
}
