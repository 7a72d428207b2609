package dev.moongate.testing;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/** A form with files, written by hand, byte by byte as a test wants it. */
public final class Form {
  public static final String BOUNDARY = "----moongate7MA4YWxk";
  public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** With a model and a prompt. */
  public static Form edit() {
    return new Form().text("model", "wan2.7-image-pro").text("prompt", "x");
  }

  public Form text(String name, String value) {
    return part(
        "Content-Disposition: form-data; name=\"" + name + "\"",
        value.getBytes(StandardCharsets.UTF_8));
  }

  public Form file(String name, String type, byte[] content) {
    return part(
        "Content-Disposition: form-data; name=\"%s\"; filename=\"a\"\r\nContent-Type: %s"
            .formatted(name, type),
        content);
  }

  public Form picture(byte[] content) {
    return file("image", "image/png", content);
  }

  /** A part with any headers. */
  public Form part(String headers, byte[] content) {
    return raw("--" + BOUNDARY + "\r\n" + headers + "\r\n\r\n").raw(content).raw("\r\n");
  }

  /** Anything. */
  public Form raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  private Form raw(byte[] bytes) {
    body.writeBytes(bytes);
    return this;
  }

  /** As it is, without an end. */
  public byte[] unended() {
    return body.toByteArray();
  }

  /** With its end. */
  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(body.toByteArray());
    whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return whole.toByteArray();
  }

  /** The answer of {@code POST /v1/images/edits} to it; headers as name and value in turns. */
  public MoongateHarness.Answer sendTo(MoongateHarness moongate, String... headers) {
    return send(moongate, CONTENT_TYPE, bytes(), headers);
  }

  /** The answer of {@code POST /v1/images/edits} to any body. */
  public static MoongateHarness.Answer send(
      MoongateHarness moongate, String contentType, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/edits"))
            .header("Authorization", "Bearer " + moongate.key().text())
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return moongate.send(headers.length == 0 ? request : request.headers(headers));
  }
}
