/** What can be seen of the work of {@link lox.sync.Workers}: batches, tasks and worker processes, as they happen. */
@NullMarked
package lox.sync.event;

import org.jspecify.annotations.NullMarked;
