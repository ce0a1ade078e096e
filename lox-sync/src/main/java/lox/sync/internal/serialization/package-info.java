/** Java serialization as worker processes use it. */
@NullMarked
package lox.sync.internal.serialization;

import org.jspecify.annotations.NullMarked;
