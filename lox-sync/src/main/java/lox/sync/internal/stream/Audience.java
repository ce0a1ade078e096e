package lox.sync.internal.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Who follows a stream: how many subscribers there are, and how many results those that have left had received at most.
 *
 * <pre>
 *            enter            left                    close, when nobody is there
 *   EMPTY ---------&gt; n ------------------&gt; EMPTY --------------------------------&gt; CLOSED
 * </pre>
 *
 * Both numbers are in one word, so that a subscriber that enters meets a close or prevents it.
 */
final class Audience {
    private static final long CLOSED = -1;
    private static final long ONE_RECEIVED = 1L << Integer.SIZE;

    private final AtomicLong state = new AtomicLong(); // the subscribers, and the received results times ONE_RECEIVED

    /** Registers a subscriber. False if the audience is closed. */
    boolean enter() {
        return state.getAndUpdate(before -> before == CLOSED ? CLOSED : before + 1) != CLOSED;
    }

    /** Removes a subscriber that has received so many results. */
    void left(int position) {
        state.getAndUpdate(before -> {
            long received = Math.max(before / ONE_RECEIVED, position);
            return received * ONE_RECEIVED + before % ONE_RECEIVED - 1;
        });
    }

    /** How many results the one had received that received most; -1 if somebody is there, or it is closed. */
    int receivedWhenEmpty() {
        long now = state.get();
        return now == CLOSED || now % ONE_RECEIVED != 0 ? -1 : (int) (now / ONE_RECEIVED);
    }

    /** Closes the audience if nobody is there and {@link #receivedWhenEmpty} still is {@code received}. */
    boolean close(int received) {
        return state.compareAndSet(received * ONE_RECEIVED, CLOSED);
    }
}
