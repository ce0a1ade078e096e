package lox.contract.hot;

import java.util.List;
import lox.sync.Buffer;
import lox.sync.PutResult;

/** An Announcement of any library. */
interface Channel<T> {
    void put(T item);

    PutResult tryPut(T item);

    List<T> backlog();

    void subscribe(Buffer buffer, Listener<? super T> listener);

    default void subscribe(Listener<? super T> listener) {
        subscribe(Buffer.unbounded(), listener);
    }

    Voice<T> member(Buffer buffer);

    default Voice<T> member() {
        return member(Buffer.unbounded());
    }

    void seal();

    void complete();

    void fail(Throwable failure);

    int subscriberCount();

    /** A member of it. */
    interface Voice<T> {
        void put(T item);

        PutResult tryPut(T item);

        /** Subscribes the member; where a member subscribes when it is made, gives what has come until now. */
        void subscribe(Listener<? super T> listener);
    }
}
