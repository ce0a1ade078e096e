/** Ordered, bounded, parallel maps of streams, pushed and pulled. */
@NullMarked
package lox.sync.internal.map;

import org.jspecify.annotations.NullMarked;
