package lox.jcstress;

import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that writes down what it hears. Signals are serial, so no lock; a second one inside the first is written
 * down too.
 */
final class Heard implements Flow.Subscriber<Integer> {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * One that has waited in vain is enough: a fault that loses items often would else have the arbiters wait for
     * hours.
     */
    private static volatile boolean impatient;

    private final long demand;
    private final StringBuilder signals = new StringBuilder("-");
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean inside;
    private volatile String last = "";
    private volatile int count;

    Heard(long demand) {
        this.demand = demand;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (demand != 0) {
            given.request(demand);
        }
    }

    @Override
    public void onNext(Integer item) {
        write(item.toString());
    }

    @Override
    public void onError(Throwable failure) {
        write("!");
    }

    @Override
    public void onComplete() {
        write("|");
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // signals are serial, and if not, it shows
    private void write(String signal) {
        if (inside) {
            signals.append("overlap");
        }
        inside = true;
        signals.append(signal);
        inside = false;
        last = signal;
        count++;
    }

    void request(long n) {
        Flow.Subscription given = subscription;
        if (given != null) {
            given.request(n);
        }
    }

    void cancel() {
        Flow.Subscription given = subscription;
        if (given != null) {
            given.cancel();
        }
    }

    /**
     * For an arbiter: what it has heard when this was the last, or after five seconds, once. A thread of lox's may be
     * under way with it.
     */
    String until(String signal) {
        return when(() -> last.equals(signal));
    }

    /** For an arbiter: what it has heard when these were so many, or after the same time. */
    String until(int signalCount) {
        return when(() -> count >= signalCount);
    }

    private String when(BooleanSupplier state) {
        long start = System.nanoTime();
        while (!state.getAsBoolean() && !impatient) {
            if (System.nanoTime() - start >= PATIENCE_NANOS) {
                impatient = true;
            }
            Thread.onSpinWait();
        }
        return signals.toString();
    }
}
