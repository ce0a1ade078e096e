package lox.test;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes on a long way: what is put in can be taken out in the same order, each part a given time later, however much is
 * on its way. So it takes time and costs no throughput, as a network does. One thread may put and another take at the
 * same time.
 */
public final class DelayedBytes {
    private record Part(ByteBuffer content, long due) {}

    private final long nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // unlike a monitor, it waits for less than a millisecond
    private final Queue<Part> parts = new ArrayDeque<>(); // under that lock, as what follows
    private boolean ended;

    /**
     * Makes an empty one.
     *
     * @param nanos how long each byte is on its way; zero or more
     */
    public DelayedBytes(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Puts a copy of the remaining bytes in. Does not wait.
     *
     * @param source read to its end
     * @return how many bytes
     */
    public int put(ByteBuffer source) {
        int length = source.remaining();
        ByteBuffer copy = ByteBuffer.allocate(length).put(source).flip();
        lock.lock();
        try {
            parts.add(new Part(copy, System.nanoTime() + nanos));
            changed.signal();
        } finally {
            lock.unlock();
        }
        return length;
    }

    /** Ends the bytes: {@link #take} returns -1 after those that are on their way. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes bytes out, at least one, and waits until there are some. An interrupt does not end the wait, and is kept.
     *
     * @param target is filled as far as one part goes
     * @return how many bytes; -1 at the end
     */
    public int take(ByteBuffer target) {
        boolean interrupted = false;
        lock.lock();
        try {
            for (; ; ) {
                Part first = parts.peek();
                if (first == null && ended) {
                    return -1;
                }
                long left = first == null ? Long.MAX_VALUE : first.due - System.nanoTime();
                if (first != null && left <= 0) {
                    return take(first, target);
                }
                try {
                    changed.awaitNanos(left);
                } catch (InterruptedException meantForSomethingElse) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int take(Part first, ByteBuffer target) {
        int count = Math.min(first.content.remaining(), target.remaining());
        target.put(first.content.slice(first.content.position(), count));
        first.content.position(first.content.position() + count);
        if (!first.content.hasRemaining()) {
            parts.remove();
        }
        return count;
    }
}
