package dev.moongate.provider.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Refusal.Next;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the vendor's code and message into a refusal that a caller may read. */
final class Refusals {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int LONGEST_QUOTE = 300;
  private static final int LONGEST_CODE = 128;
  private static final Pattern SECRETS =
      Pattern.compile(
          "(?i)\\b(sk|ak|key|token|bearer|ltai)[-_ =:][A-Za-z0-9._*-]{6,}|\\bLTAI[A-Za-z0-9]{8,}");
  private static final Pattern ADDRESSES =
      Pattern.compile("(?i)\\b[a-z][a-z0-9+.-]*://\\S+|\\b[\\w.-]+\\.aliyuncs\\.com\\S*");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\b(color_palette|bbox_list|thinking_mode|enable_sequential|watermark|seed)\\b");
  private static final Pattern SIZE =
      Pattern.compile(
          "(parameters\\.|['\"`]|\\bof |\\binvalid )size\\b|\\bsize (must|should|is)\\b");
  private static final Pattern COUNT =
      Pattern.compile(
          "(parameters\\.|['\"`]|\\bof )n\\b|\\bnum_images_per_prompt\\b|\\bn (must|should)\\b");

  private final InstantSource clock;

  Refusals(InstantSource clock) {
    this.clock = clock;
  }

  /** A refusal of a request or a task that carries a vendor code; null if the code is unlisted. */
  Optional<Refusal> ofListed(
      int status, String vendorCode, String vendorMessage, @Nullable String retryAfter) {
    return ErrorTable.find(vendorCode)
        .map(row -> build(row, status, vendorCode, vendorMessage, retryAfter));
  }

  /** A refusal of our own making, for codes that the table does not hold. */
  Refusal ofUnlisted(Next next, ErrorCode code, String vendorCode, String vendorMessage) {
    return new Refusal(
        next, code, told(code, vendorMessage), cut(vendorCode), paramOf(vendorMessage), null);
  }

  /** A 429, whatever else it says. */
  Refusal throttled(String vendorCode, @Nullable String retryAfter) {
    return new Refusal(
        Next.THROTTLED,
        ErrorCode.RATE_LIMIT_EXCEEDED,
        told(ErrorCode.RATE_LIMIT_EXCEEDED, ""),
        cut(vendorCode),
        null,
        capped(retryAfter));
  }

  /** The wait that a header asks for, cut at 60 seconds; null if it makes no sense. */
  @Nullable Duration capped(@Nullable String retryAfter) {
    Duration wait = parsed(retryAfter);
    return wait == null || wait.compareTo(LONGEST_WAIT) <= 0 ? wait : LONGEST_WAIT;
  }

  private Refusal build(
      ErrorTable row,
      int status,
      String vendorCode,
      String vendorMessage,
      @Nullable String retryAfter) {
    if (row.next() == Next.THROTTLED) {
      return exhausted(vendorMessage)
          ? new Refusal(
              Next.ACCOUNT,
              ErrorCode.PROVIDER_UNAVAILABLE,
              told(ErrorCode.PROVIDER_UNAVAILABLE, ""),
              cut(vendorCode),
              null,
              parsed(retryAfter))
          : throttled(vendorCode, retryAfter);
    }
    if (row.next() == Next.ACCOUNT) {
      return new Refusal(
          row.next(), row.told(), told(row.told(), ""), cut(vendorCode), null, parsed(retryAfter));
    }
    // InternalError and its like with a 400 blames the request, whatever the code says.
    boolean blamed = row.next() == Next.RETRY_FEW && status == 400;
    Next next = blamed ? Next.END : row.next();
    ErrorCode code = blamed ? ErrorCode.UPSTREAM_REFUSED : row.told();
    boolean callers = code == ErrorCode.UPSTREAM_REFUSED;
    String param = row.param() != null ? row.param() : callers ? paramOf(vendorMessage) : null;
    return new Refusal(
        next, code, told(code, vendorMessage), cut(vendorCode), param, capped(retryAfter));
  }

  private static boolean exhausted(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains("exhaust") || text.contains("quota has been used up");
  }

  private static String told(ErrorCode code, String vendorMessage) {
    String sentence =
        switch (code) {
          case CONTENT_POLICY_VIOLATION ->
              "The provider's content inspection refused the prompt, an input picture or the"
                  + " result; nothing was billed.";
          case UPSTREAM_REFUSED -> "The provider refused the request; nothing was billed.";
          case UPSTREAM_CREDENTIALS ->
              "The provider refused the gateway's credentials; the operator must look at it.";
          case PROVIDER_UNAVAILABLE ->
              "The provider does not serve this gateway's account at the moment; the operator must"
                  + " look at it.";
          case RATE_LIMIT_EXCEEDED -> "The provider is throttling; nothing was billed.";
          case UPSTREAM_TIMEOUT -> "The provider gave up because it took too long.";
          default -> "The provider failed; nothing was billed.";
        };
    String quote = quoted(vendorMessage);
    return quote.isEmpty() ? sentence : sentence + " It said: " + quote;
  }

  // The vendor's words help the caller, but may hold what is ours: keys, hosts, signed links.
  private static String quoted(String message) {
    String text = message.replaceAll("\\p{Cntrl}+", " ").strip();
    text = ADDRESSES.matcher(text).replaceAll("(address)");
    text = SECRETS.matcher(text).replaceAll("***");
    return text.length() <= LONGEST_QUOTE
        ? text
        : text.substring(
                0,
                text.offsetByCodePoints(
                    0, Math.min(LONGEST_QUOTE, text.codePointCount(0, text.length()))))
            + "...";
  }

  private static @Nullable String paramOf(String message) {
    Matcher named = PARAMETER.matcher(message);
    if (named.find()) {
      return named.group(1);
    }
    return SIZE.matcher(message).find() ? "size" : COUNT.matcher(message).find() ? "n" : null;
  }

  private static String cut(String vendorCode) {
    String text = vendorCode.replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() <= LONGEST_CODE ? text : text.substring(0, LONGEST_CODE);
  }

  private @Nullable Duration parsed(@Nullable String retryAfter) {
    if (retryAfter == null) {
      return null;
    }
    String text = retryAfter.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(clock.instant(), then);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException nonsense) {
      return null;
    }
  }
}
