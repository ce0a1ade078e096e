/** What an ordered parallel map of a stream costs, beside what Reactor and RxJava have for the purpose. */
@NullMarked
package lox.benchmarks.maps;

import org.jspecify.annotations.NullMarked;
