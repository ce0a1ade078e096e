/**
 * The examples of the guide. {@link lox.examples.Tour} runs them.
 */
@NullMarked
package lox.examples;

import org.jspecify.annotations.NullMarked;
