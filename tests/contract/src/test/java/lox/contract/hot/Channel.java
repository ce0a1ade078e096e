package lox.contract.hot;

import lox.sync.Buffer;

/** An Announcement of any library. */
interface Channel<T> {
    void put(T item);

    void subscribe(Buffer buffer, Listener<? super T> listener);

    default void subscribe(Listener<? super T> listener) {
        subscribe(Buffer.unbounded(), listener);
    }

    Voice<T> join(Buffer buffer);

    default Voice<T> join() {
        return join(Buffer.unbounded());
    }

    void seal();

    void complete();

    void fail(Throwable failure);

    int subscriberCount();

    /** A member of it. */
    interface Voice<T> {
        void put(T item);

        /** Subscribes the member; where a member subscribes by joining, gives what has come until now. */
        void subscribe(Listener<? super T> listener);
    }
}
