/** What functions that do not block cost, beside what Reactor and RxJava have for the purpose. */
@NullMarked
package lox.benchmarks.async;

import org.jspecify.annotations.NullMarked;
