package lox.sync.lock;

import java.util.concurrent.atomic.AtomicReference;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * The requests whose time is over and which have not been withdrawn yet. One shared thread withdraws all that are due,
 * not the clock's thread: a withdrawal may grant many requests behind it, and may call a user's lock that underlies a
 * {@link LightSwitch}.
 */
final class ExpiryQueue {
    private static final AtomicReference<@Nullable Expiry> DUE = new AtomicReference<>();

    private ExpiryQueue() {}

    /** Returns true while requests wait to be withdrawn. */
    static boolean isNotEmpty() {
        return DUE.get() != null;
    }

    private static void add(Expiry latest) {
        Expiry before;
        do {
            before = DUE.get();
            latest.next = before;
        } while (!DUE.compareAndSet(before, latest));
        if (before == null) {
            try {
                SharedThreads.elsewhere(latest::endAll);
            } catch (OutOfMemoryError noThread) { // here, since threads may wait for the end of these requests
                latest.endAllHere();
            }
        }
    }

    /** The expiry of one request. It is its own link, so that it needs no memory. */
    abstract static class Expiry implements Runnable, Trampoline.Action {
        private @Nullable Expiry next;

        abstract void expire();

        /** Called by the clock when the time is over. */
        @Override
        public final void run() {
            add(this);
        }

        /**
         * Runs on a shared thread. Requests that fall due meanwhile get another, so a callback that blocks does not
         * delay them.
         */
        private void endAll() {
            Trampoline.run(Trampoline.collect(this));
        }

        /** Runs on the clock's thread, which leaves the callbacks to another as soon as one can be had. */
        private void endAllHere() {
            Callbacks left = Trampoline.collect(this);
            try {
                Timer.elsewhere(() -> Trampoline.run(left));
            } catch (OutOfMemoryError noMemory) {
                Trampoline.run(left);
            }
        }

        /** Expires all that are due, in the order in which they fell due. */
        @Override
        public final void perform() {
            Expiry latest = DUE.getAndSet(null);
            Expiry earliest = null;
            while (latest != null) {
                Expiry before = latest.next;
                latest.next = earliest;
                earliest = latest;
                latest = before;
            }
            while (earliest != null) {
                Expiry after = earliest.next;
                earliest.next = null;
                try {
                    earliest.expire();
                } catch (Throwable failure) {
                    Uncaught.report(failure);
                }
                earliest = after;
            }
        }
    }
}
