/**
 * Scatter and gather over {@code Single} and {@code Flowable}.
 *
 * <ul>
 *   <li>{@link lox.rxjava.Lox} is the entry: it wraps a function with workers, threads, virtual threads, child JVMs or
 *       a scheduler.
 *   <li>{@link lox.rxjava.Scatter} and {@link lox.rxjava.BiScatter} take the arguments of such a function and give its
 *       results.
 *   <li>{@link lox.rxjava.Announcement} gives items to many subscribers; {@link lox.rxjava.Funnel} joins the values of
 *       one job, {@link lox.rxjava.Joins} and {@link lox.rxjava.OuterJoins} publishers.
 *   <li>{@link lox.rxjava.Locks} runs pipelines under the locks of {@code lox.sync.lock}.
 *   <li>{@link lox.rxjava.ProcessScheduler} runs operators here and functions in child JVMs.
 * </ul>
 *
 * <p>What is the same in all dialects, such as {@link lox.sync.Workers} and {@link lox.sync.Outcome}, is in
 * {@code lox.sync}.
 */
@NullMarked
package lox.rxjava;

import org.jspecify.annotations.NullMarked;
