package lox.examples.shop;

import org.jspecify.annotations.Nullable;

/**
 * What something costs.
 *
 * @param item the thing
 * @param cents its price
 * @param request for which request it was looked up
 */
public record Price(String item, int cents, @Nullable String request) {}
