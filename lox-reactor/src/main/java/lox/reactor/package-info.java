/**
 * Scatter and gather over {@code Mono}. {@link lox.reactor.Lox} is the entry.
 */
@NullMarked
package lox.reactor;

import org.jspecify.annotations.NullMarked;
