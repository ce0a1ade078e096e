/** Functions that do not block: what they return ends later, and no thread waits for it. */
@NullMarked
package lox.sync.internal.async;

import org.jspecify.annotations.NullMarked;
