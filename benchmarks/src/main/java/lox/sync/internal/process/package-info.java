/** Worker processes for benchmarks. */
@NullMarked
package lox.sync.internal.process;

import org.jspecify.annotations.NullMarked;
