package dev.moongate.provider.dashscope;

import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Submission;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Submissions to test with. */
final class SubmissionFixtures {
  static final ApiKey KEY = new ApiKey("sk-test-0123456789abcdef");

  private SubmissionFixtures() {}

  static Submission ofPrompt(String prompt) {
    return of(List.of(new ContentPart.Text(prompt)), new byte[0]);
  }

  /** With an input picture of that many bytes. */
  static Submission withPicture(int bytes) {
    byte[] picture = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      picture[i] = (byte) (i * 31);
    }
    InputImage.Stored stored = new InputImage.Stored("ab", "image/png", bytes, 300, 300);
    return of(List.of(new ContentPart.Image(stored), new ContentPart.Text("x")), picture);
  }

  static Submission of(List<ContentPart> content, byte[] picture) {
    ImageRequest request =
        new ImageRequest(
            "wan2.7-image",
            content,
            null,
            1,
            null,
            null,
            null,
            null,
            null,
            null,
            ResponseFormat.URL,
            null,
            List.of());
    return of(request, picture, Duration.ofSeconds(50));
  }

  static Submission of(ImageRequest request, byte[] picture, Duration timeout) {
    return new Submission(
        request, "wan2.7-image", KEY, _ -> new InMemory(picture), timeout, () -> true);
  }

  static Submission ifAllowed(BooleanSupplier maySend, Submission submission) {
    return new Submission(
        submission.request(),
        submission.upstreamModel(),
        submission.key(),
        submission.inputBytes(),
        submission.timeout(),
        maySend);
  }

  static Submission within(Duration timeout, Submission submission) {
    return new Submission(
        submission.request(),
        submission.upstreamModel(),
        submission.key(),
        submission.inputBytes(),
        timeout,
        submission.maySend());
  }

  private static final class InMemory implements ImageBytes {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open(long offset) {
      return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
    }
  }
}
