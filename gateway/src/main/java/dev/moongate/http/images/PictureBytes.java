package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.StoredImage;
import dev.moongate.store.ImageStore;

/** Finds the bytes of pictures that go into an answer. */
final class PictureBytes {
  private final ImageStore store;

  PictureBytes(ImageStore store) {
    this.store = store;
  }

  ImageBytes require(StoredImage image, Generation generation) {
    return store
        .find(image.storageKey())
        .map(bytes -> new ServedPicture(bytes, generation.id()))
        .orElseThrow(() ->
            new GatewayException(
                    ErrorCode.IMAGE_LOST, "A stored picture is gone from the gateway's store")
                .of(generation.id()));
  }
}
