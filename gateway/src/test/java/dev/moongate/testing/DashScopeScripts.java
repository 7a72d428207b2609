package dev.moongate.testing;

import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** DashScope's answers, as the vendor's pages show them, for a {@link StandInUpstream}. */
public final class DashScopeScripts {
  public static final String ASYNC = "/api/v1/services/aigc/image-generation/generation";
  public static final String SYNC = "/api/v1/services/aigc/multimodal-generation/generation";
  public static final String TASK = "/api/v1/tasks/task-1";

  private DashScopeScripts() {}

  /** A picture with noise in it, so that it does not shrink to nothing. */
  public static byte[] png(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(0x1000000));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static StandInUpstream.Handler accepted() {
    return json(
        200,
        """
        {"request_id":"req-submit","output":{"task_id":"task-1","task_status":"PENDING"}}\
        """);
  }

  public static StandInUpstream.Handler running() {
    return json(
        200,
        """
        {"request_id":"req-poll","output":{"task_id":"task-1","task_status":"RUNNING"}}\
        """);
  }

  /** A task that made pictures at these links, one choice each. */
  public static String succeeded(List<String> links) {
    List<String> choices = new ArrayList<>();
    for (String link : links) {
      choices.add(
          """
          {"finish_reason":"stop","message":{"role":"assistant","content":[{"type":"image","image":"%s"}]}}\
          """
              .formatted(link));
    }
    return """
    {"request_id":"req-poll","output":{"task_id":"task-1","task_status":"SUCCEEDED","submit_time":"2026-11-24 18:00:00.000",\
    "finished":true,"choices":[%s]},"usage":{"image_count":%d,"size":"2048*2048","total_tokens":720}}\
    """
        .formatted(String.join(",", choices), links.size());
  }

  public static String error(String code, String message) {
    return """
    {"request_id":"req-error","code":"%s","message":"%s"}\
    """
        .formatted(code, message);
  }

  /** An upstream that accepts, works for one poll, and delivers these pictures. */
  public static StandInUpstream delivering(StandInUpstream upstream, byte[]... pictures) {
    List<String> links = new ArrayList<>();
    for (int i = 0; i < pictures.length; i++) {
      upstream.respond("/picture-" + i + ".png", bytes(200, "image/png", pictures[i]));
      links.add(upstream.url("/picture-" + i + ".png?Expires=1&Signature=abc"));
    }
    upstream.respond(ASYNC, accepted());
    upstream.respond(TASK, running(), json(200, succeeded(links)));
    return upstream;
  }
}
