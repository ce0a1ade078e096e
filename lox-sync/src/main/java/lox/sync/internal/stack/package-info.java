/** How much of the calling thread's stack is left. */
@NullMarked
package lox.sync.internal.stack;

import org.jspecify.annotations.NullMarked;
