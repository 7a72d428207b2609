package dev.moongate.provider.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.CallOutcome;
import dev.moongate.provider.CallOutcome.Answered;
import dev.moongate.provider.CallOutcome.Broken;
import dev.moongate.provider.ProviderOutcome.Accepted;
import dev.moongate.provider.ProviderOutcome.Ambiguous;
import dev.moongate.provider.ProviderOutcome.Failed;
import dev.moongate.provider.ProviderOutcome.NotSent;
import dev.moongate.provider.ProviderOutcome.OfPoll;
import dev.moongate.provider.ProviderOutcome.OfSubmit;
import dev.moongate.provider.ProviderOutcome.Rejected;
import dev.moongate.provider.ProviderOutcome.Running;
import dev.moongate.provider.ProviderOutcome.Succeeded;
import dev.moongate.provider.ProviderOutcome.Unanswered;
import dev.moongate.provider.ProviderOutcome.Unknown;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Refusal.Next;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what came back. Of a submit: whatever is not plainly an acceptance or a refusal is
 * ambiguous, unless the request never left whole. Of a poll: whatever is not plainly this task's
 * state is no answer.
 */
final class ResponseReader {
  private final JsonMapper json;
  private final Refusals refusals;

  ResponseReader(JsonMapper json, Refusals refusals) {
    this.json = json;
    this.refusals = refusals;
  }

  OfSubmit readSubmit(CallOutcome outcome, ApiKey key) {
    OfSubmit read =
        switch (outcome) {
          case Broken broken -> new Ambiguous(broken.reason());
          case Answered answered -> readSubmitAnswer(answered, key);
        };
    return read instanceof Ambiguous(String reason) && !outcome.wholeRequestLeft()
        ? new NotSent(reason)
        : read;
  }

  private OfSubmit readSubmitAnswer(Answered answered, ApiKey key) {
    int status = answered.status();
    Optional<Answer> parsed = Answer.parse(json, answered, key);
    if (status >= 200 && status < 300 && parsed.isPresent()) {
      return readAcceptance(answered, parsed.orElseThrow());
    }
    if (status < 400) {
      return new Ambiguous("status " + status + " without a usable body");
    }
    return readRefusal(answered, parsed);
  }

  private OfSubmit readAcceptance(Answered answered, Answer answer) {
    String code = answer.code();
    if (code != null && !answer.hasOutput()) {
      return rejected(answered, answer, code)
          .orElseGet(() ->
              new Rejected(
                  refusals.ofUnlisted(Next.END, ErrorCode.UPSTREAM_FAILED, code, answer.message()),
                  answer.requestId()));
    }
    String taskId = answer.taskId();
    if (taskId != null && !answer.hasChoices()) {
      return new Accepted(taskId, answer.requestId());
    }
    if (answer.hasChoices()) {
      return succeeded(answer);
    }
    return new Ambiguous("status " + answered.status() + " with neither a task nor pictures");
  }

  private OfSubmit readRefusal(Answered answered, Optional<Answer> parsed) {
    int status = answered.status();
    String code = parsed.map(Answer::code).orElse(null);
    String requestId = parsed.map(Answer::requestId).orElse(null);
    if (parsed.isPresent() && code != null) {
      Optional<OfSubmit> listed = rejected(answered, parsed.orElseThrow(), code);
      if (listed.isPresent()) {
        return listed.orElseThrow();
      }
    }
    if (status == 429) {
      String shown = code == null ? "429" : code;
      return new Rejected(refusals.throttled(shown, answered.retryAfter()), requestId);
    }
    if (status == 401 || (status == 403 && code != null)) {
      ErrorCode told =
          status == 401 ? ErrorCode.UPSTREAM_CREDENTIALS : ErrorCode.PROVIDER_UNAVAILABLE;
      String shown = code == null ? String.valueOf(status) : code;
      return new Rejected(refusals.ofUnlisted(Next.ACCOUNT, told, shown, ""), requestId);
    }
    if (status < 500 && parsed.isPresent() && code != null) {
      return new Rejected(
          refusals.ofUnlisted(
              Next.END, ErrorCode.UPSTREAM_REFUSED, code, parsed.orElseThrow().message()),
          requestId);
    }
    return new Ambiguous("status " + status + " with no code that is known");
  }

  private Optional<OfSubmit> rejected(Answered answered, Answer answer, String code) {
    int status = answered.status();
    if (ErrorTable.find(code).filter(row -> row.leavesOpen(code, status)).isPresent()) {
      return Optional.of(new Ambiguous("the provider answers " + status + " " + code));
    }
    return refusals
        .ofListed(status, code, answer.message(), answered.retryAfter())
        .map(refusal -> new Rejected(refusal, answer.requestId()));
  }

  OfPoll readPoll(String taskId, CallOutcome outcome, ApiKey key) {
    return switch (outcome) {
      case Broken broken -> new Unanswered(broken.reason(), null);
      case Answered answered -> readPollAnswer(taskId, answered, key);
    };
  }

  private OfPoll readPollAnswer(String taskId, Answered answered, ApiKey key) {
    Optional<Answer> parsed = Answer.parse(json, answered, key);
    boolean itsStatus = answered.status() == 200;
    if (parsed.isEmpty()) {
      return unanswered("status " + answered.status() + " without JSON", answered);
    }
    Answer answer = parsed.orElseThrow();
    if (answer.namesTask() && !taskId.equals(answer.taskId())) {
      return unanswered("another task's state", answered);
    }
    String state = answer.taskStatus();
    if (state != null && (itsStatus || answer.namesTask())) {
      return readState(state.toUpperCase(Locale.ROOT), answered, answer);
    }
    String code = answer.code();
    if (itsStatus && code != null) {
      return readFlatFailure(answered, answer, code);
    }
    if (itsStatus && answer.hasChoices()) {
      return succeeded(answer);
    }
    return unanswered("status " + answered.status() + " without a task's state", answered);
  }

  private OfPoll readState(String state, Answered answered, Answer answer) {
    return switch (state) {
      case "SUCCEEDED" -> succeeded(answer);
      case "FAILED" -> new Failed(refusalOfTask(answered, answer), answer.requestId());
      case "CANCELED", "CANCELLED" ->
          new Failed(
              refusals.ofUnlisted(
                  Next.END, ErrorCode.CANCELLED, state, "the task was cancelled there"),
              answer.requestId());
      case "UNKNOWN" -> new Unknown();
      default -> new Running(state.length() <= 64 ? state : state.substring(0, 64));
    };
  }

  // The vendor's page shows a failed task as a bare {request_id, code, message} with a 200; a
  // refusal of the question itself can look the same, and then says nothing about the task.
  private OfPoll readFlatFailure(Answered answered, Answer answer, String code) {
    Next next = ErrorTable.find(code).map(ErrorTable::next).orElse(Next.END);
    return next == Next.THROTTLED || next == Next.ACCOUNT
        ? unanswered("code " + code, answered)
        : new Failed(refusalOfTask(answered, answer), answer.requestId());
  }

  private Refusal refusalOfTask(Answered answered, Answer answer) {
    String code = answer.code();
    String shown = code == null ? "FAILED" : code;
    return refusals
        .ofListed(answered.status(), shown, answer.message(), null)
        .orElseGet(() ->
            refusals.ofUnlisted(Next.END, ErrorCode.UPSTREAM_FAILED, shown, answer.message()));
  }

  private Unanswered unanswered(String reason, Answered answered) {
    return new Unanswered(reason, refusals.capped(answered.retryAfter()));
  }

  private static Succeeded succeeded(Answer answer) {
    return new Succeeded(
        answer.links(),
        answer.withLinksReplaced(Succeeded::placeholder),
        answer.imageCount(),
        answer.requestId());
  }
}
