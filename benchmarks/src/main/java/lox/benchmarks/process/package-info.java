/** What process mode costs, beside other ways to run code in other processes, line by line of its targets. */
@NullMarked
package lox.benchmarks.process;

import org.jspecify.annotations.NullMarked;
