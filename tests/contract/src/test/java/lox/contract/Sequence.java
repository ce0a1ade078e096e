package lox.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results one by one, whatever the library calls it. In plain Java it can be read once. */
interface Sequence<R extends @Nullable Object> {
    /** Subscribes, without asking for anything yet. */
    Reading<R> read();

    default List<R> await() {
        return read().request(Long.MAX_VALUE).awaitEnd();
    }

    default Throwable awaitFailure() {
        return read().request(Long.MAX_VALUE).awaitFailure();
    }
}
