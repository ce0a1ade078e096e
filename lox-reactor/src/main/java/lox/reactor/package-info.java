/**
 * Scatter and gather over {@code Mono} and {@code Flux}.
 *
 * <ul>
 *   <li>{@link lox.reactor.Lox} is the entry: it wraps a function with workers, threads, virtual threads, child JVMs or
 *       a scheduler.
 *   <li>{@link lox.reactor.Scatter} and {@link lox.reactor.BiScatter} take the arguments of such a function and give
 *       its results.
 *   <li>{@link lox.reactor.Announcement} gives items to many subscribers; {@link lox.reactor.Funnel} joins the values
 *       of one job, {@link lox.reactor.Joins} and {@link lox.reactor.OuterJoins} publishers.
 *   <li>{@link lox.reactor.Locks} runs pipelines under the locks of {@code lox.sync.lock}.
 *   <li>{@link lox.reactor.ProcessScheduler} runs operators here and functions in child JVMs.
 * </ul>
 *
 * <p>What is the same in all dialects, such as {@link lox.sync.Workers} and {@link lox.sync.Outcome}, is in
 * {@code lox.sync}.
 */
@NullMarked
package lox.reactor;

import org.jspecify.annotations.NullMarked;
