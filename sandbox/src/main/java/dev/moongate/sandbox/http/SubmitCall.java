package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.Ask;
import dev.moongate.sandbox.ask.AskReader;
import dev.moongate.sandbox.ask.ErrorTable;
import dev.moongate.sandbox.ask.VendorError;
import dev.moongate.sandbox.task.Journal;
import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.task.RateWindow;
import dev.moongate.sandbox.task.Status;
import dev.moongate.sandbox.task.Task;
import dev.moongate.sandbox.task.Tasks;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The two submit calls: the asynchronous one answers a task, the synchronous one its pictures. */
final class SubmitCall {
  private static final HexFormat HEX = HexFormat.of();

  private final Tasks tasks;
  private final Journal journal;
  private final RateWindow rate;
  private final Refusals refusals;
  private final Spoiler spoiler;

  SubmitCall(Tasks tasks, Journal journal, RateWindow rate, Refusals refusals, Spoiler spoiler) {
    this.tasks = tasks;
    this.journal = journal;
    this.rate = rate;
    this.refusals = refusals;
    this.spoiler = spoiler;
  }

  void handle(Exchange exchange, boolean async, Linker linker) throws IOException {
    Account account = Account.NOBODY;
    String sha = "";
    try {
      account = Account.require(exchange.header("Authorization"));
      requireMode(exchange, async);
      MessageDigest digest = Account.sha256();
      Ask ask = read(exchange, digest);
      sha = HEX.formatHex(digest.digest());
      Words words = Words.read(ask.prompt());
      if (!rate.tryTake()) {
        throw ErrorTable.refusal("Throttling.RateQuota");
      }
      if (refusals.refuses(exchange, ask.prompt(), words)) {
        journal.refused(submit(exchange, account, sha), 0, "asked for by a word");
        return;
      }
      accept(exchange, ask, words, !async, submit(exchange, account, sha), linker);
    } catch (VendorError e) {
      journal.refused(submit(exchange, account, sha), e.status(), e.code());
      exchange.error(e.status(), e.code(), e.text());
    }
  }

  private static void requireMode(Exchange exchange, boolean async) {
    boolean asked = "enable".equals(exchange.header("X-DashScope-Async"));
    if (async && !asked) {
      throw new VendorError(
          403, "AccessDenied", "current user api does not support synchronous calls.");
    }
    if (!async && asked) {
      throw new VendorError(
          403, "AccessDenied", "current user api does not support asynchronous calls.");
    }
  }

  private static Ask read(Exchange exchange, MessageDigest digest) throws IOException {
    try (InputStream body = Content.Source.asInputStream(exchange.request());
        DigestInputStream digested = new DigestInputStream(body, digest)) {
      return AskReader.read(digested);
    }
  }

  private static Journal.Submit submit(Exchange exchange, Account account, String sha) {
    return new Journal.Submit(
        exchange.requestId(), account.apiKeyId(), sha, exchange.header("x-request-id"));
  }

  private void accept(
      Exchange exchange, Ask ask, Words words, boolean sync, Journal.Submit submit, Linker linker) {
    LiveTask live =
        tasks
            .tryAccept(ask, words, sync, submit, UUID.randomUUID().toString())
            .orElseThrow(() -> ErrorTable.refusal("Throttling.Concurrency"));
    if (spoiler.spoilsAtOnce(exchange, live)) {
      return;
    }
    ObjectNode answer = exchange.newAnswer();
    if (sync) {
      Task ended = await(live);
      if (ended == null) {
        exchange.reset();
        return;
      }
      if (ended.status() != Status.SUCCEEDED) {
        String code =
            live.words().find(KnownWord.TASK_FAIL).map(Word::value).orElse("InternalError");
        VendorError error = ErrorTable.refusal(code);
        exchange.error(error.status(), error.code(), error.text());
        return;
      }
      IntFunction<String> links = i -> linker.link(live, i);
      TaskShape.sync(answer, live, links);
    } else {
      ObjectNode output = answer.putObject("output");
      output.put("task_id", live.task().id());
      output.put("task_status", Status.PENDING.name());
    }
    spoiler.answer(exchange, live, answer);
  }

  private static @Nullable Task await(LiveTask live) {
    try {
      return live.end().get();
    } catch (ExecutionException | InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
