/**
 * Worker processes: forked JVMs that run tasks. What users meet is {@link lox.sync.process.Codec}, {@link lox.sync.process.OutputLine}
 * and the exceptions; the rest is the machinery.
 */
@NullMarked
package lox.sync.process;

import org.jspecify.annotations.NullMarked;
