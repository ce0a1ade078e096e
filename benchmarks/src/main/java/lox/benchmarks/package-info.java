/**
 * JMH benchmarks. The build compiles them and runs none.
 */
@NullMarked
package lox.benchmarks;

import org.jspecify.annotations.NullMarked;
