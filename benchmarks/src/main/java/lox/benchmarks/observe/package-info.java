/** What listeners and the flight recorder cost. */
@NullMarked
package lox.benchmarks.observe;

import org.jspecify.annotations.NullMarked;
