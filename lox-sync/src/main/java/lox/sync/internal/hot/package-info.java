/** The engine of announcements: one order of items for many subscribers. */
@NullMarked
package lox.sync.internal.hot;

import org.jspecify.annotations.NullMarked;
