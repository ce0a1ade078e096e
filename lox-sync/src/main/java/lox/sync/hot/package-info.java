/** Hot publishers: one order of items for many receivers. Public for lox's adapters; not for users, and without promises. */
@NullMarked
package lox.sync.hot;

import org.jspecify.annotations.NullMarked;
