/**
 * Scatter and gather over {@code Single}. {@link lox.rxjava.Lox} is the entry.
 */
@NullMarked
package lox.rxjava;

import org.jspecify.annotations.NullMarked;
