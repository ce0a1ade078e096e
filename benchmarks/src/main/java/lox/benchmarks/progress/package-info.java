/** What a progress bar costs a gather. */
@NullMarked
package lox.benchmarks.progress;

import org.jspecify.annotations.NullMarked;
