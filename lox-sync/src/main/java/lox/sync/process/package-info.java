/**
 * What users meet of worker processes, which are child JVMs that run tasks: {@link lox.sync.Workers#processes} makes
 * them.
 *
 * <ul>
 *   <li>{@link lox.sync.process.WorkerCrashedException}: a process has ended in the middle of a task, or did not start.
 *   <li>{@link lox.sync.process.WorkerLostException}, {@link lox.sync.process.ClusterUnavailableException}: the same of
 *       workers on other machines, which are {@link lox.sync.process.Machines}.
 *   <li>{@link lox.sync.process.SerializationException}: a function, an argument or a result cannot travel.
 *   <li>{@link lox.sync.process.RemoteTaskException}: stands for an exception that cannot travel.
 *   <li>{@link lox.sync.process.Codec}: replaces Java serialization for arguments and results.
 *   <li>{@link lox.sync.process.OutputLine}: a line that a process has printed.
 * </ul>
 */
@NullMarked
package lox.sync.process;

import org.jspecify.annotations.NullMarked;
