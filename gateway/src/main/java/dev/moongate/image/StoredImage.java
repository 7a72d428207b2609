package dev.moongate.image;

/**
 * A picture that lies in the store, verified and fsynced.
 *
 * @param id public and unguessable: {@code img_} and 128 random bits
 * @param sha256 lower-case hex, of the bytes as stored
 * @param storageKey where the store finds it
 */
public record StoredImage(
    String id,
    String sha256,
    long bytes,
    ImageFormat format,
    int width,
    int height,
    String storageKey) {}
