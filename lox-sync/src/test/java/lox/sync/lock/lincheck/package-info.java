/** Every interleaving of small scenarios, up to a bound, compared with a sequential model of each lock. */
@NullMarked
package lox.sync.lock.lincheck;

import org.jspecify.annotations.NullMarked;
