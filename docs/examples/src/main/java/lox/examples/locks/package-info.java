/** Locks at work: a restroom and its janitor, graphics cards, a budget of memory, accounts. */
@NullMarked
package lox.examples.locks;

import org.jspecify.annotations.NullMarked;
