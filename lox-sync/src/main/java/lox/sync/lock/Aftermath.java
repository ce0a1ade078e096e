package lox.sync.lock;

import java.util.ArrayDeque;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * What an attendant still has to do for the requests it has ended: wake threads while it has the baton, everything else
 * once it has put the baton down.
 */
final class Aftermath {
    private @Nullable Waiter<?> first;
    private @Nullable Waiter<?> last;
    private @Nullable Waiter<?> lastAwake;
    private @Nullable ArrayDeque<Runnable> errands;

    /** Takes a request that has been unlinked: its link to the next is ours. */
    void ended(Waiter<?> waiter) {
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    /** Something to be done to another lock, once the baton is down. */
    void errand(Runnable errand) {
        if (errands == null) {
            errands = new ArrayDeque<>();
        }
        errands.add(errand);
    }

    void wake() {
        for (Waiter<?> next = lastAwake == null ? first : lastAwake.next; next != null; next = next.next) {
            next.wake();
            lastAwake = next;
        }
    }

    /** Leaves this to another thread and returns a new one; none but itself if there is nothing to leave. */
    Aftermath handedOver() {
        if (first == null && errands == null) {
            return this;
        }
        ForkJoinPool.commonPool().execute(this::run);
        return new Aftermath();
    }

    void run() {
        if (errands != null) {
            errands.forEach(Trampoline::runSafely);
        }
        announce();
    }

    private void announce() {
        Waiter<?> waiter = first;
        if (waiter == null) {
            return;
        }
        ArrayDeque<Runnable> callbacks = new ArrayDeque<>();
        while (waiter != null) {
            Waiter<?> next = waiter.next;
            waiter.next = null;
            waiter.close(callbacks);
            waiter = next;
        }
        Trampoline.run(callbacks);
    }
}
