/** What chains of functions, time limits and results one by one cost, compared with a plain batch. */
@NullMarked
package lox.benchmarks.chains;

import org.jspecify.annotations.NullMarked;
