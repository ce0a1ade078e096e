package lox.sync;

import java.util.concurrent.RejectedExecutionException;

/**
 * A scatter or submit was refused because so many of its function wait already as {@link Workers.Builder#queueLimit}
 * allows, and the calling thread is one of Reactor's or RxJava's that must not block. Any other thread waits. Nothing
 * was scattered, so the caller may try again later.
 */
public final class QueueFullException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    QueueFullException(String message) {
        super(message);
    }
}
