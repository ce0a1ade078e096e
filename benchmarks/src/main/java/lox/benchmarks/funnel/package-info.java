/** What joining by job id costs, beside what Reactor and the JDK have for the purpose. */
@NullMarked
package lox.benchmarks.funnel;

import org.jspecify.annotations.NullMarked;
