/** Slots: an array of tasks that grows without moving an element, and the counters that hand them out. */
@NullMarked
package lox.sync.internal.slot;

import org.jspecify.annotations.NullMarked;
