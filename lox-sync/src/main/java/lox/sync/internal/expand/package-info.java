/** Tasks whose results lead to more tasks, until nothing is left. */
@NullMarked
package lox.sync.internal.expand;

import org.jspecify.annotations.NullMarked;
