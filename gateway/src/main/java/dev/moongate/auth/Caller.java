package dev.moongate.auth;

/**
 * Who is asking, once a key was found good.
 *
 * @param organisation the only one for now
 * @param project generations and their pictures belong to it
 * @param keyId the key's own id, not the key
 * @param projectLimits what all keys of the project may ask for together
 */
public record Caller(
    String organisation,
    String project,
    String keyId,
    KeyTerms terms,
    CallerLimits projectLimits) {}
