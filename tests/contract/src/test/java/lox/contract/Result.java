package lox.contract;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a gather or a submit gives, whatever its library calls it. */
interface Result<V extends @Nullable Object> {
    /** Subscribes, and calls the consumer on the thread that delivers the value. In plain Java every call watches the same. */
    Observation<V> subscribe(Consumer<? super V> onValue);

    default Observation<V> subscribe() {
        return subscribe(value -> {});
    }

    default V await() {
        return subscribe().value();
    }

    default Throwable awaitFailure() {
        return subscribe().failure();
    }
}
