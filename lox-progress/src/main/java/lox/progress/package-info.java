/**
 * Progress bars.
 *
 * <ul>
 *   <li>{@link lox.progress.ProgressBar} is a bar: the progress of a gather, of several, of a stream or of a loop.
 *   <li>{@link lox.progress.ProgressBarBuilder} has its options.
 *   <li>{@link lox.progress.Display} says how it is shown: as a bar on a terminal, as lines in a file, or not at all.
 * </ul>
 */
@NullMarked
package lox.progress;

import org.jspecify.annotations.NullMarked;
