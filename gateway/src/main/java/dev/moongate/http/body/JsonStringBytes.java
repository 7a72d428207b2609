package dev.moongate.http.body;

import java.io.ByteArrayOutputStream;

/** Undoes the escapes of a JSON string byte by byte, and holds back its beginning as it came. */
final class JsonStringBytes {
  /** The byte was the closing quote. */
  static final int END = -1;

  /** The byte was part of an escape that is not complete. */
  static final int NOTHING_YET = -2;

  private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
  private final StringBuilder prefix = new StringBuilder();
  private boolean escaped;
  private int hexDigits;
  private int hexValue;
  private boolean wrongHex;

  void begin() {
    heldBack.reset();
    prefix.setLength(0);
    escaped = false;
    hexDigits = 0;
  }

  /** Whether nothing of the string has come yet. */
  boolean untouched() {
    return heldBack.size() == 0;
  }

  /** Whether the next byte belongs to an escape. */
  boolean escaping() {
    return escaped || hexDigits > 0;
  }

  void hold(byte b) {
    heldBack.write(b);
  }

  ByteArrayOutputStream heldBack() {
    return heldBack;
  }

  /** What the string began with, unescaped, and now this character too. */
  String prefix(int unescaped) {
    return prefix.append((char) unescaped).toString();
  }

  /**
   * The character that this byte completes, {@link #END} or {@link #NOTHING_YET}. Wrong escapes
   * give a NUL.
   */
  int accept(byte b) {
    if (hexDigits > 0) {
      int digit = Character.digit(b, 16);
      wrongHex |= digit < 0;
      hexValue = (hexValue << 4) | digit;
      hexDigits--;
      if (hexDigits > 0) {
        return NOTHING_YET;
      }
      return wrongHex ? 0 : hexValue;
    }
    if (escaped) {
      escaped = false;
      if (b == 'u') {
        hexDigits = 4;
        hexValue = 0;
        wrongHex = false;
        return NOTHING_YET;
      }
      return switch (b) {
        case '/', '"', '\\' -> b;
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        default -> 0;
      };
    }
    if (b == '\\') {
      escaped = true;
      return NOTHING_YET;
    }
    return b == '"' ? END : b & 0xFF;
  }
}
