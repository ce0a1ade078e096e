/** Metrics of workers, tasks, batches and worker processes for Micrometer, and an observation for each batch. */
@NullMarked
package lox.micrometer;

import org.jspecify.annotations.NullMarked;
