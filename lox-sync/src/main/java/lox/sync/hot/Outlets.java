package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Those who are to be told of what is put: an array that is never changed, only exchanged. */
final class Outlets {
    private static final Outlet<?>[] NONE = {};
    /** Those there are when the end has come and all have been told: whoever joins later sees it by itself. */
    private static final Outlet<?>[] ENDED = {};

    private static final VarHandle ALL;

    static {
        try {
            ALL = MethodHandles.lookup().findVarHandle(Outlets.class, "all", Outlet[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Outlet<?>[] all = NONE;

    Outlet<?>[] all() {
        return all;
    }

    /** Does nothing once all are forgotten. */
    void add(Outlet<?> outlet) {
        while (true) {
            Outlet<?>[] before = all;
            if (before == ENDED) {
                return;
            }
            Outlet<?>[] after = new Outlet<?>[before.length + 1];
            System.arraycopy(before, 0, after, 0, before.length);
            after[before.length] = outlet;
            if (ALL.compareAndSet(this, before, after)) {
                return;
            }
        }
    }

    void remove(Outlet<?> outlet) {
        while (true) {
            Outlet<?>[] before = all;
            int at = before.length - 1;
            while (at >= 0 && before[at] != outlet) {
                at--;
            }
            if (at < 0) {
                return;
            }
            Outlet<?>[] after = NONE;
            if (before.length > 1) {
                after = new Outlet<?>[before.length - 1];
                System.arraycopy(before, 0, after, 0, at);
                System.arraycopy(before, at + 1, after, at, after.length - at);
            }
            if (ALL.compareAndSet(this, before, after)) {
                return;
            }
        }
    }

    /** All have been told of the end. */
    void forget() {
        all = ENDED;
    }
}
