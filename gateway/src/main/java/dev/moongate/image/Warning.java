package dev.moongate.image;

/**
 * Something the caller must know although the request went through.
 *
 * @param param the member it is about
 * @param code {@code ignored_parameter}, {@code prompt_overridden}, {@code no_effect}, {@code
 *     fewer_images}
 */
public record Warning(String param, String code, String message) {}
