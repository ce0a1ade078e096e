package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * An argument for which a function that does not block has been called already, before it had a slot: the result if
 * that was there, the call that has begun if not, or what the function has thrown.
 */
public final class CalledEnvelope extends Envelope {
    private static final VarHandle DROPPED;

    static {
        try {
            DROPPED = MethodHandles.lookup().findVarHandle(CalledEnvelope.class, "dropped", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable AsyncCall begun;
    private final @Nullable Object value;
    private final @Nullable Throwable thrown;

    @SuppressWarnings("unused") // through DROPPED
    private volatile boolean dropped;

    CalledEnvelope(
            @Nullable Object argument,
            Dialect.@Nullable Context context,
            @Nullable AsyncCall begun,
            @Nullable Object value,
            @Nullable Throwable thrown) {
        super(argument, context);
        this.begun = begun;
        this.value = value;
        this.thrown = thrown;
    }

    /** The call to go on with, or null. It may have ended. */
    public @Nullable AsyncCall begun() {
        return begun;
    }

    /** The result, if there is no call to go on with. Throws what the function has thrown. */
    public @Nullable Object value() throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        return value;
    }

    /**
     * Lets go of what the function has given, since nobody will receive it: stops the call if it is under way. From the
     * second time on it does nothing: near the end of the stack it may be dropped out of its slot, and by who has put
     * it there.
     *
     * @param discard receives a result
     * @param drop receives a failure
     */
    void drop(Consumer<@Nullable Object> discard, Consumer<Throwable> drop) {
        if (!DROPPED.compareAndSet(this, false, true)) {
            return;
        }
        if (begun != null) {
            Unwanted last = new Unwanted(begun, discard, drop);
            begun.stop(last.reason);
            begun.adoptedBy(last, last);
            if (!begun.leave()) {
                last.resume(true);
            }
        } else if (thrown != null) {
            drop.accept(thrown);
        } else {
            discard.accept(value);
        }
    }

    /** Drops what a call gives that ends while it is stopped, or has ended before. */
    private static final class Unwanted implements AsyncCall.Receiver {
        private final AsyncCall call;
        private final Consumer<@Nullable Object> discard;
        private final Consumer<Throwable> drop;
        private final Throwable reason = InterruptEcho.cancelled();

        Unwanted(AsyncCall call, Consumer<@Nullable Object> discard, Consumer<Throwable> drop) {
            this.call = call;
            this.discard = discard;
            this.drop = drop;
        }

        @Override
        public void resume(boolean here) {
            Throwable failure = call.failure();
            if (failure == null) {
                discard.accept(call.value());
            } else if (failure != reason) {
                drop.accept(failure);
            }
        }
    }
}
