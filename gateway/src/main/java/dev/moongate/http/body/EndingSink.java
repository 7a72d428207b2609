package dev.moongate.http.body;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes one part of a form; what it refuses ends the whole body. The reader of forms reads the rest
 * of a part when it is broken off in the middle, however long that is and however slowly it comes.
 */
final class EndingSink extends FilterOutputStream {
  private final BoundedBody body;

  EndingSink(OutputStream out, BoundedBody body) {
    super(out);
    this.body = body;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    boolean taken = false;
    try {
      out.write(bytes, offset, length);
      taken = true;
    } finally {
      if (!taken) {
        body.end();
      }
    }
  }
}
