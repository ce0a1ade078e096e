package lox.sync.hot;

/**
 * One receiver's end of a {@link Broadcast}.
 *
 * @param <T> the type of the items
 */
abstract sealed class Outlet<T> permits PushOutlet, PullOutlet {
    private final Broadcast<T> broadcast;
    final Inbox inbox;

    Outlet(Broadcast<T> broadcast, Inbox inbox) {
        this.broadcast = broadcast;
        this.inbox = inbox;
    }

    /**
     * Something has been appended to the timeline. Throws nothing.
     *
     * @return false if this has become shared meanwhile, and has to be visited as that
     */
    abstract boolean arrived();

    /** The policy throws an item away. */
    abstract void discard(Object item);

    /** Whether the calling thread is just delivering to this receiver, and so would wait for itself. */
    abstract boolean isServedByThisThread();

    /** The buffer has failed: leaves the broadcast, and makes the failure. */
    final Throwable overflow(int capacity) {
        leave();
        return broadcast.overflow(capacity);
    }

    /** What this has been asked for is up to the walker of the rounds. */
    final void walkAll() {
        broadcast.walk();
    }

    final void leave() {
        broadcast.remove(this);
    }

    /** Threads whose put waits for room here. */
    abstract Waiters putters();

    /** Whether a put would have to wait for this receiver. */
    final boolean isFullForPut() {
        return inbox instanceof BoundedInbox bounded && bounded.isFullForPut() && !isServedByThisThread();
    }

    /** What {@link #awaitRoom} is to wait for, if what is here now has to fit. */
    final long roomTicket() {
        if (inbox instanceof BoundedInbox bounded && bounded.blocks() && !isServedByThisThread()) {
            bounded.intake(this);
            return bounded.roomTicket();
        }
        return BoundedInbox.NO_WAIT;
    }

    /**
     * Waits until there is room, or the policy's time is over; then this receiver fails.
     *
     * @param ticket what for
     * @param start when the put began; the time counts from there, for all receivers
     * @throws InterruptedException if the thread is interrupted; the receiver is none the worse
     */
    final void awaitRoom(long ticket, long start) throws InterruptedException {
        if (ticket == BoundedInbox.NO_WAIT || !(inbox instanceof BoundedInbox bounded) || bounded.hasFreed(ticket)) {
            return;
        }
        long timeout = bounded.policy().timeoutNanos();
        long deadline = timeout == Long.MAX_VALUE ? Waiters.FOREVER : start + timeout;
        if (!putters().await(() -> bounded.hasFreed(ticket), deadline)) {
            bounded.failIfOver(ticket, this);
            arrived();
        }
    }

    /** To be called where room has come about, or none will any more. */
    final void wakePutters() {
        Waiters putters = putters();
        if (!putters.isEmpty()) {
            putters.wakeAll();
        }
    }

    /** The items in a timeline are those that were put into this broadcast. */
    @SuppressWarnings("unchecked")
    final T typed(Object item) {
        return (T) item;
    }
}
