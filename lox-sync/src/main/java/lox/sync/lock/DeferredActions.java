package lox.sync.lock;

import lox.sync.internal.time.SharedThreads;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * The work that a drainer leaves for later while it drains: it wakes threads before it stops, and runs calls to other
 * locks and callbacks afterwards. It is allocated before the drainer changes anything, and adding to it needs no
 * memory.
 */
final class DeferredActions implements Runnable {
    private final Callbacks callbacks = new Callbacks();
    private @Nullable QueuedRequest first;
    private @Nullable QueuedRequest last;
    private @Nullable QueuedRequest lastWoken;
    private @Nullable UnderlyingCall firstCall;
    private @Nullable UnderlyingCall lastCall;

    /** Adds a request that has been unlinked; its link to the next is used here from now on. */
    void ended(QueuedRequest request) {
        if (last == null) {
            first = request;
        } else {
            last.next = request;
        }
        last = request;
    }

    /** Adds a call to another lock, to be made after draining. */
    void defer(UnderlyingCall call) {
        if (lastCall == null) {
            firstCall = call;
        } else {
            lastCall.next = call;
        }
        lastCall = call;
    }

    void wake() {
        for (QueuedRequest next = lastWoken == null ? first : lastWoken.next; next != null; next = next.next) {
            next.wake();
            lastWoken = next;
        }
    }

    /**
     * Hands this to another thread and returns a new object; returns itself if it is empty or if no thread can be had.
     */
    DeferredActions handedOver() {
        if (first == null && firstCall == null) {
            return this;
        }
        try {
            DeferredActions next = new DeferredActions();
            SharedThreads.elsewhere(this);
            return next;
        } catch (OutOfMemoryError noThread) {
            return this;
        }
    }

    @Override
    public void run() {
        for (UnderlyingCall call = firstCall; call != null; call = call.next) {
            runSafely(call);
        }
        notifyListeners();
    }

    private static void runSafely(UnderlyingCall call) {
        try {
            call.runHereOrElsewhere();
        } catch (Throwable failure) {
            Uncaught.report(failure);
        }
    }

    private void notifyListeners() {
        QueuedRequest request = first;
        while (request != null) {
            QueuedRequest next = request.next;
            request.next = null;
            request.close(callbacks);
            request = next;
        }
        Trampoline.run(callbacks);
    }
}
