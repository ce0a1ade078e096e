/**
 * Scatter and gather for plain Java, on the JDK alone.
 *
 * <ul>
 *   <li>{@link lox.sync.Lox} is the entry: it wraps a function with workers, threads, virtual threads or child JVMs.
 *   <li>{@link lox.sync.Scatter} and {@link lox.sync.BiScatter} take the arguments of such a function and give its
 *       results.
 *   <li>{@link lox.sync.Workers} says what functions run on, and with which limits; {@link lox.sync.ProcessesBuilder}
 *       has the options of child JVMs.
 *   <li>{@link lox.sync.Announcement} gives items to many subscribers; {@link lox.sync.Funnel} joins the values of one
 *       job.
 * </ul>
 *
 * <p>{@link lox.sync.Task}, {@link lox.sync.Outcome}, {@link lox.sync.Progress}, {@link lox.sync.Workers},
 * {@link lox.sync.Buffer}, {@link lox.sync.Joined} and the options of Announcements and Funnels are the same in the
 * Reactor and the RxJava dialect. Locks are in {@link lox.sync.lock}; what child JVMs add is in
 * {@link lox.sync.process}.
 */
@NullMarked
package lox.sync;

import org.jspecify.annotations.NullMarked;
