/** Locks at work: a restroom and its janitor, four graphics cards and many workers. */
@NullMarked
package lox.examples.locks;

import org.jspecify.annotations.NullMarked;
