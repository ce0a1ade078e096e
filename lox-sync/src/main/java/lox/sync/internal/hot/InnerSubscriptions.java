package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The subscriptions of a broadcast: a copy-on-write array, and whether the end has been put. */
final class InnerSubscriptions {
    private static final InnerSubscription<?>[] NONE = {};
    /** The array after the end. A subscription that is added later sees the end by itself. */
    private static final InnerSubscription<?>[] ENDED = {};

    private static final VarHandle ALL;

    static {
        try {
            ALL = MethodHandles.lookup().findVarHandle(InnerSubscriptions.class, "all", InnerSubscription[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile InnerSubscription<?>[] all = NONE;
    /** Whether all subscriptions have to learn of the end; set after the end has been put into the log. */
    private volatile boolean ending;

    InnerSubscription<?>[] all() {
        return all;
    }

    /** Adds a subscription. Has no effect after {@link #forget}. */
    void add(InnerSubscription<?> subscription) {
        while (true) {
            InnerSubscription<?>[] before = all;
            if (before == ENDED) {
                return;
            }
            InnerSubscription<?>[] after = new InnerSubscription<?>[before.length + 1];
            System.arraycopy(before, 0, after, 0, before.length);
            after[before.length] = subscription;
            if (ALL.compareAndSet(this, before, after)) {
                return;
            }
        }
    }

    void remove(InnerSubscription<?> subscription) {
        while (true) {
            InnerSubscription<?>[] before = all;
            int at = before.length - 1;
            while (at >= 0 && before[at] != subscription) {
                at--;
            }
            if (at < 0) {
                return;
            }
            InnerSubscription<?>[] after = NONE;
            if (before.length > 1) {
                after = new InnerSubscription<?>[before.length - 1];
                System.arraycopy(before, 0, after, 0, at);
                System.arraycopy(before, at + 1, after, at, after.length - at);
            }
            if (ALL.compareAndSet(this, before, after)) {
                return;
            }
        }
    }

    /** Records that the end has been put. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Removes all subscriptions, after each has learned of the end. */
    void forget() {
        all = ENDED;
    }
}
