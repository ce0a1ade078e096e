/**
 * Scatter and gather over {@code Mono} and {@code Flux}. Nothing of it is written yet.
 */
@NullMarked
package lox.reactor;

import org.jspecify.annotations.NullMarked;
