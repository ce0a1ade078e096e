/** Worker processes: how they are started, what travels to them and back, and how they end. */
@NullMarked
package lox.sync.internal.process;

import org.jspecify.annotations.NullMarked;
