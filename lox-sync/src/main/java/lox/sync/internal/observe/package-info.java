/** What listeners and the flight recorder are told of batches, tasks and worker processes. */
@NullMarked
package lox.sync.internal.observe;

import org.jspecify.annotations.NullMarked;
