/** The pool behind one {@code Workers}: the places that jobs run in, their settings, and their common end. */
@NullMarked
package lox.sync.internal.pool;

import org.jspecify.annotations.NullMarked;
