package lox.sync.internal.hot;

import lox.sync.internal.time.WaitingThreads;

/**
 * One subscription of a broadcast, with a queue of its own.
 *
 * @param <T> the type of the items
 */
abstract class InnerSubscription<T> implements ItemQueue.Owner {
    /** What a subscription needs of its broadcast. */
    interface Parent {
        /** Starts a round that visits every subscription, or has the current drainer start one. */
        void drain();

        /** Removes a subscription from the rounds. */
        void remove(InnerSubscription<?> subscription);

        /** Makes the failure of a subscriber whose buffer was full. */
        Throwable overflow(int capacity);

        /** Reports a failure that no subscriber can receive. */
        void drop(Throwable failure);
    }

    private final Parent parent;
    final ItemQueue queue;

    InnerSubscription(Parent parent, ItemQueue queue) {
        this.parent = parent;
        this.queue = queue;
    }

    /**
     * Learns that something has been appended to the log. Throws nothing.
     *
     * @return false if this has become shared meanwhile, and the drainer has to visit it as such
     */
    abstract boolean appended();

    /** Whether the calling thread delivers to this subscriber at the moment, and so would wait for itself. */
    abstract boolean isDrainedByThisThread();

    @Override
    public final Throwable overflow(int capacity) {
        unsubscribe();
        return parent.overflow(capacity);
    }

    /** Leaves the work to the drain loop. */
    final void drainAll() {
        parent.drain();
    }

    final void unsubscribe() {
        parent.remove(this);
    }

    /** The threads whose put waits for room here. */
    abstract WaitingThreads waitingPutters();

    /** Whether a put would have to wait for this subscriber. */
    final boolean isFullForPut() {
        if (queue instanceof BoundedItemQueue bounded && bounded.blocks() && !isDrainedByThisThread()) {
            bounded.readLog(this); // what was put before counts, also if it has not been delivered
            return bounded.isFullForPut();
        }
        return false;
    }

    /** The ticket for {@link #awaitRoom}: it is reached when what the queue holds now has fitted. */
    final long roomTicket() {
        if (queue instanceof BoundedItemQueue bounded && bounded.blocks() && !isDrainedByThisThread()) {
            bounded.readLog(this);
            return bounded.roomTicket();
        }
        return BoundedItemQueue.NO_WAIT;
    }

    /**
     * Waits until there is room. After the timeout of the policy the subscriber fails.
     *
     * @param ticket from {@link #roomTicket}
     * @param start when the put began; the timeout of all subscribers counts from there
     * @throws InterruptedException if the thread is interrupted; the subscriber is not affected
     */
    final void awaitRoom(long ticket, long start) throws InterruptedException {
        if (ticket == BoundedItemQueue.NO_WAIT
                || !(queue instanceof BoundedItemQueue bounded)
                || bounded.hasFreed(ticket)) {
            return;
        }
        long timeout = bounded.policy().timeoutNanos();
        long deadline = timeout == Long.MAX_VALUE ? WaitingThreads.FOREVER : start + timeout;
        if (!waitingPutters().await(() -> bounded.hasFreed(ticket), deadline)) {
            bounded.failIfOver(ticket, this);
            appended();
        }
    }

    /** Wakes waiting puts. Has to be called when there is room, or when no put can be waited for any longer. */
    final void wakePutters() {
        WaitingThreads waitingPutters = waitingPutters();
        if (!waitingPutters.isEmpty()) {
            waitingPutters.wakeAll();
        }
    }

    /** Casts an item of the log, which was put as a T. */
    @SuppressWarnings("unchecked")
    final T typed(Object item) {
        return (T) item;
    }
}
