/** What metrics cost. */
@NullMarked
package lox.benchmarks.metrics;

import org.jspecify.annotations.NullMarked;
