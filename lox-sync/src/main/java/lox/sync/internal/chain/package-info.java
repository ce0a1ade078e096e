/** The later functions of a chain: items wait in their own slots, and a queue says where. */
@NullMarked
package lox.sync.internal.chain;

import org.jspecify.annotations.NullMarked;
