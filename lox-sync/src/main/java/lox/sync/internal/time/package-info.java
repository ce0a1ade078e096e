/**
 * Lox's own threads, and the one clock for everything that waits for a time. Not for users: it may change in every
 * release.
 */
@NullMarked
package lox.sync.internal.time;

import org.jspecify.annotations.NullMarked;
