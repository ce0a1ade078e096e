/**
 * Interfaces that the adapters, and the kinds of workers outside this JVM, implement or call. Not for users: it may
 * change in every release.
 */
@NullMarked
package lox.sync.spi;

import org.jspecify.annotations.NullMarked;
