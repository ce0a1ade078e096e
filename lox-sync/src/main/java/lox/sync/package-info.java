/**
 * Scatter and gather for plain Java, on the JDK alone. {@link lox.sync.Lox} is the entry.
 */
@NullMarked
package lox.sync;

import org.jspecify.annotations.NullMarked;
