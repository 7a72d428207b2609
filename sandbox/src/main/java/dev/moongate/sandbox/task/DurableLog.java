package dev.moongate.sandbox.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of lines that only grows. A line is on the disk when append returns; lines written at the
 * same time share one sync. Any thread may append.
 */
final class DurableLog implements AutoCloseable {
  private final FileChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock syncing = new ReentrantLock();
  private final AtomicLong synced = new AtomicLong();
  private long written;

  DurableLog(Path file) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long size = endOfLastLine(channel);
    channel.truncate(size);
    channel.position(size);
    written = size;
    synced.set(size);
  }

  /** The whole lines of a log; a last line that a crash tore is left out. */
  static List<String> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long at = channel.size(); at > 0; at--) {
      one.clear();
      if (channel.read(one, at - 1) == 1 && one.get(0) == '\n') {
        return at;
      }
    }
    return 0;
  }

  void append(String line) {
    try {
      sync(write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long write(ByteBuffer bytes) throws IOException {
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        written += channel.write(bytes);
      }
      return written;
    } finally {
      writing.unlock();
    }
  }

  private void sync(long upTo) throws IOException {
    syncing.lock();
    try {
      if (synced.get() >= upTo) {
        return;
      }
      long all;
      writing.lock();
      try {
        all = written;
      } finally {
        writing.unlock();
      }
      channel.force(false);
      synced.set(all);
    } finally {
      syncing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
