package dev.moongate.model;

import java.math.BigDecimal;

/**
 * An amount in one currency, in integer millionths of its unit. Arithmetic overflows loudly and
 * never mixes currencies.
 *
 * @param micros millionths: CNY 0.50 is 500,000; never negative
 * @param currency ISO 4217, say {@code CNY}
 */
public record Money(long micros, String currency) {
  public Money {
    if (micros < 0) {
      throw new IllegalArgumentException("negative money: " + micros);
    }
  }

  /**
   * The amount that a text such as {@code 0.50} is.
   *
   * @throws IllegalArgumentException if it is none, or has more than six decimals; its message says
   *     what it must be
   */
  public static Money parse(String text, String currency) {
    if (text.matches("\\d{1,9}(\\.\\d{1,6})?")) {
      return new Money(new BigDecimal(text).movePointRight(6).longValueExact(), currency);
    }
    throw new IllegalArgumentException(
        "must be an amount of %s such as 0.50, with at most six decimals".formatted(currency));
  }

  public Money times(int count) {
    return new Money(Math.multiplyExact(micros, (long) count), currency);
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(micros, same(other).micros), currency);
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(micros, same(other).micros), currency);
  }

  /** {@code 0.5 CNY}, as a person reads it. */
  @Override
  public String toString() {
    return decimal().toPlainString() + " " + currency;
  }

  /** The amount in whole units, without trailing zeros. */
  public BigDecimal decimal() {
    return micros == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(micros, 6).stripTrailingZeros();
  }

  private Money same(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(currency + " and " + other.currency);
    }
    return other;
  }
}
