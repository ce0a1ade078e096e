/** Joining by job id. */
@NullMarked
package lox.examples.funnel;

import org.jspecify.annotations.NullMarked;
