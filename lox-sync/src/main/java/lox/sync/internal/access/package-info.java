/** Access for lox's own packages to what a public type does not expose. */
@NullMarked
package lox.sync.internal.access;

import org.jspecify.annotations.NullMarked;
