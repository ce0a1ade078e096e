/**
 * Locks for blocking code, virtual threads and pipelines alike: {@link lox.sync.lock.QLock}, {@link
 * lox.sync.lock.RWLock}, {@link lox.sync.lock.LightSwitch}, {@link lox.sync.lock.IndexSemaphore}, {@link
 * lox.sync.lock.WeightedSemaphore} and {@link lox.sync.lock.KeyedLock}.
 *
 * <p>What they have in common:
 *
 * <ul>
 *   <li>A lock is held by a {@link lox.sync.lock.Permit}, not by a thread. Any thread may close the permit, and closing
 *       it twice does nothing. Nothing here is reentrant.
 *   <li>Requests are served first come, first served; {@link lox.sync.lock.Acquirable} says when a thread is queued. A
 *       timeout, a cancellation or an interrupt takes one request out of the queue and leaves the order of the others.
 *   <li>A request ends in exactly one way: with a permit, or with an exception and nothing held.
 *   <li>A call that ends with a {@link java.lang.StackOverflowError} or an {@link java.lang.OutOfMemoryError} has not
 *       happened: nothing was acquired or requested, the request still waits, the permit is still held. It can be made
 *       again.
 *   <li>Only the calls that say so ({@code acquire}, {@code await}) park the calling thread. All the others return
 *       without waiting for another thread, not even for an internal mutex.
 *   <li>Closing a permit happens before the return of the {@code acquire} or {@code await}, and before the run of the
 *       stage, that the closing let in.
 * </ul>
 *
 * <p>With {@code -Dlox.lock.trackPermits=true}, read when a lock is made, a permit that becomes garbage without having
 * been closed is logged, with the stack trace of its request, to the {@link java.lang.System.Logger} named
 * {@code lox.sync.lock}, and {@link lox.sync.lock.LockReport} names the holders. Tracking is for the hunt for a leak
 * or a deadlock: it costs a stack trace a permit.
 */
@NullMarked
package lox.sync.lock;

import org.jspecify.annotations.NullMarked;
