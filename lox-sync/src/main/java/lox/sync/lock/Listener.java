package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/** A thread to wake, or a callback to run, when a request has ended. */
final class Listener {
    final @Nullable Thread thread;
    final @Nullable Runnable callback;

    /** The next in the request's stack of listeners, later in {@link Callbacks}. */
    @Nullable
    Listener next;

    Listener(@Nullable Thread thread, @Nullable Runnable callback) {
        this.thread = thread;
        this.callback = callback;
    }
}
