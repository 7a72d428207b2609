package dev.moongate.provider;

import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One request on its way to one account.
 *
 * @param upstreamModel the provider's name of the model
 * @param key the credential to use for this submit
 * @param inputBytes where the bytes of a stored input picture are
 * @param timeout how long sending it and the answer may take together
 * @param maySend asked when the connection is there and nothing has been sent; if it says no,
 *     nothing is
 */
public record Submission(
    ImageRequest request,
    String upstreamModel,
    ApiKey key,
    Function<InputImage.Stored, ImageBytes> inputBytes,
    Duration timeout,
    BooleanSupplier maySend) {}
