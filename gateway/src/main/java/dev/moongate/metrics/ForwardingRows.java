package dev.moongate.metrics;

import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.Resend;
import dev.moongate.image.StoredImage;
import dev.moongate.provider.ListedTask;
import dev.moongate.routing.Flow;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes on to other rows all that is not counted. */
abstract class ForwardingRows implements GenerationRows {
  final GenerationRows rows;

  ForwardingRows(GenerationRows rows) {
    this.rows = rows;
  }

  @Override
  public Optional<String> tryJoin(Generation asked, Resend resend) {
    return rows.tryJoin(asked, resend);
  }

  @Override
  public boolean intend(Generation seen, String account, String keyReference, Instant now) {
    return rows.intend(seen, account, keyReference, now);
  }

  @Override
  public int reroute(String model, @Nullable String from, String to) {
    return rows.reroute(model, from, to);
  }

  @Override
  public TaskClaim adopted(Generation seen, ListedTask task, Instant now) {
    return rows.adopted(seen, task, now);
  }

  @Override
  public boolean notListed(Generation seen, Instant now, Instant again) {
    return rows.notListed(seen, now, again);
  }

  @Override
  public boolean postpone(Generation seen, Instant again) {
    return rows.postpone(seen, again);
  }

  @Override
  public boolean relinked(Generation seen, List<String> links, Instant now) {
    return rows.relinked(seen, links, now);
  }

  @Override
  public Optional<Generation> find(String id) {
    return rows.find(id);
  }

  @Override
  public Optional<StoredImage> findImage(String imageId) {
    return rows.findImage(imageId);
  }

  @Override
  public Optional<StoredImage> findImage(String organisation, String project, String imageId) {
    return rows.findImage(organisation, project, imageId);
  }

  @Override
  public List<Generation> due(String account, Instant now, Set<String> except, int limit) {
    return rows.due(account, now, except, limit);
  }

  @Override
  public Optional<Instant> nextDue(String account, Set<String> except) {
    return rows.nextDue(account, except);
  }

  @Override
  public List<Flow> flows(String account, Instant now, Set<String> except) {
    return rows.flows(account, now, except);
  }

  @Override
  public Optional<Generation> nextQueued(
      String account, Flow flow, Instant now, Set<String> except) {
    return rows.nextQueued(account, flow, now, except);
  }

  @Override
  public Optional<Instant> nextQueuedAt(String account, Set<String> except) {
    return rows.nextQueuedAt(account, except);
  }

  @Override
  public List<Generation> expired(String account, Instant now, Set<String> except, int limit) {
    return rows.expired(account, now, except, limit);
  }

  @Override
  public Set<String> triedAccounts(String generation) {
    return rows.triedAccounts(generation);
  }

  @Override
  public int running(String account, Set<String> except) {
    return rows.running(account, except);
  }

  @Override
  public int ahead(Generation generation) {
    return rows.ahead(generation);
  }

  @Override
  public List<Fault> faults(String generation) {
    return rows.faults(generation);
  }

  @Override
  public List<Generation> allQueued(String account, int limit) {
    return rows.allQueued(account, limit);
  }

  @Override
  public Set<String> waitingAt(String model) {
    return rows.waitingAt(model);
  }

  @Override
  public List<Generation> leftDispatching() {
    return rows.leftDispatching();
  }

  @Override
  public List<String> openBeforePictures(Instant admittedBefore) {
    return rows.openBeforePictures(admittedBefore);
  }

  @Override
  public long setAside() {
    return rows.setAside();
  }

  @Override
  public Optional<GatewayException> refusal(Generation asked, long disk, long room) {
    return rows.refusal(asked, disk, room);
  }

  @Override
  public int strayed(Collection<String> accounts) {
    return rows.strayed(accounts);
  }

  @Override
  public List<Generation> strays(
      Collection<String> accounts, Instant now, Instant begunBefore, int limit) {
    return rows.strays(accounts, now, begunBefore, limit);
  }

  @Override
  public List<Instant> lastAnswers(String account, int count, Instant unanswered) {
    return rows.lastAnswers(account, count, unanswered);
  }
}
