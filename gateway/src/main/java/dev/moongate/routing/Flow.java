package dev.moongate.routing;

/**
 * What one key has waiting at an account.
 *
 * @param projectWeight the project's share of the turns
 * @param keyWeight the key's share of its project's turns
 * @param waiting generations
 * @param pictures that they ask for together
 */
public record Flow(
    String project, int projectWeight, String key, int keyWeight, int waiting, long pictures) {}
