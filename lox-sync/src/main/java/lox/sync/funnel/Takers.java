package lox.sync.funnel;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Threads that wait for an item. Their lock is held only to wait and to wake. */
final class Takers<T> {
    private final Outlet<T> outlet;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile int waiting; // written under the lock

    Takers(Outlet<T> outlet) {
        this.outlet = outlet;
    }

    boolean areWaiting() {
        return waiting > 0;
    }

    void wakeOne() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void wakeAll() {
        if (waiting > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Null if everything has completed and nothing is left. */
    @Nullable
    T take() throws InterruptedException {
        return take(new Wait(true, 0));
    }

    /** Null if the time is over, or if everything has completed and nothing is left. */
    @Nullable
    T take(long nanos) throws InterruptedException {
        return take(new Wait(false, nanos));
    }

    boolean isAtEnd() {
        return outlet.end() != null && outlet.isEmpty();
    }

    private @Nullable T take(Wait wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!wait.isReleasable()) {
            ForkJoinPool.managedBlock(wait);
        }
        T item = wait.item;
        if (item != null) {
            outlet.polled();
        } else if (wait.end != null && wait.end.failure() != null) {
            throw thrown(wait.end.failure());
        }
        return item;
    }

    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
    }

    /** One thread. It counts itself, then looks; whoever offers does so before looking for waiting threads. */
    private final class Wait implements ForkJoinPool.ManagedBlocker {
        private final boolean forEver;
        private final long nanos;
        private final long start;
        private @Nullable T item;
        private Outlet.@Nullable End end;

        Wait(boolean forEver, long nanos) {
            this.forEver = forEver;
            this.nanos = nanos;
            this.start = forEver ? 0 : System.nanoTime();
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
        public boolean block() throws InterruptedException {
            lock.lockInterruptibly();
            waiting++;
            try {
                while (!isReleasable()) {
                    if (forEver) {
                        changed.await();
                    } else if (changed.awaitNanos(nanos - (System.nanoTime() - start)) <= 0) {
                        isReleasable(); // a last look: the wake-up may have come together with the end of the time
                        break;
                    }
                }
            } finally {
                waiting--;
                lock.unlock();
            }
            return true;
        }

        // Once true, it stays so. The end is read first: it is set after the last item.
        @Override
        public boolean isReleasable() {
            if (item == null && end == null) {
                Outlet.End seen = outlet.end();
                item = outlet.poll();
                end = item == null ? seen : null;
            }
            return item != null || end != null;
        }
    }
}
