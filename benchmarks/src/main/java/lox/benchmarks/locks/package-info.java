/** What a lock costs, beside what the JDK and reactor-pool have for the purpose. */
@NullMarked
package lox.benchmarks.locks;

import org.jspecify.annotations.NullMarked;
