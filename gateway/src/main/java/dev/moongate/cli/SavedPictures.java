package dev.moongate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Names files after a prompt, {@code a-flower-shop.png}; never one that is there already. */
final class SavedPictures {
  private static final int LONGEST = 60;

  private final Path folder;
  private final String stem;

  SavedPictures(Path folder, String prompt) throws IOException {
    this.folder = Files.createDirectories(folder);
    String words = prompt.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    String cut = words.length() > LONGEST ? words.substring(0, LONGEST) : words;
    String trimmed = cut.replaceAll("^-+|-+$", "");
    this.stem = trimmed.isEmpty() ? "picture" : trimmed;
  }

  /** The file for picture {@code index} of {@code count}. */
  Path next(int index, int count) {
    String name = count == 1 ? stem : stem + "-" + (index + 1);
    Path file = folder.resolve(name + ".png");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(name + "-" + i + ".png");
    }
    return file;
  }
}
