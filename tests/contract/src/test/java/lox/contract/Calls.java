package lox.contract;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The calls of functions that do not block, which the test ends: how many are under way, and how many were at most. */
final class Calls {
    /** One of them, the thread in which the function was called, and whether the call has been counted out. */
    record Call(Integer argument, Promise<Integer> promise, Thread thread, AtomicBoolean over) {
        Call(Integer argument) {
            this(argument, new Promise<>(), Thread.currentThread(), new AtomicBoolean());
        }
    }

    private final Queue<Call> underWay = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    /** The function. A call is counted when it is subscribed to: one that is cancelled before never is. */
    Promise<Integer> begin(Integer argument) {
        return beginSeen(argument, () -> {});
    }

    /** The same; the action runs when it is subscribed to. */
    Promise<Integer> beginSeen(Integer argument, Runnable onSubscribe) {
        Call call = new Call(argument);
        return call.promise()
                .whenSubscribed(() -> {
                    onSubscribe.run();
                    most.accumulateAndGet(count.incrementAndGet(), Math::max);
                    underWay.add(call);
                    begun.incrementAndGet();
                })
                .whenCancelled(() -> {
                    underWay.remove(call);
                    over(call);
                    cancelled.incrementAndGet();
                });
    }

    /** Counts a call out, unless that has been done: if another thread is about to, waits until it has. */
    private void over(Call call) {
        synchronized (call.promise()) {
            if (call.over().compareAndSet(false, true)) {
                count.decrementAndGet();
            }
        }
    }

    /** Takes the call that has been under way longest. Null if there is none. */
    @Nullable
    Call take() {
        return underWay.poll();
    }

    Call takeNext() {
        Call call = take();
        if (call == null) {
            throw new AssertionError("no call is under way");
        }
        return call;
    }

    /** Ends the call that has been under way longest, with its argument as the result. False if there is none. */
    boolean endNext() {
        Call call = take();
        if (call == null) {
            return false;
        }
        end(call);
        return true;
    }

    void end(Call call) {
        over(call); // before: the next one is called meanwhile
        call.promise().succeed(call.argument());
    }

    /** Ends calls until the observed result is there. */
    <V extends @Nullable Object> V endUntil(Observation<V> result) {
        Eventually.until("the result is there", () -> {
            while (endNext()) {
                Thread.onSpinWait();
            }
            return result.isOver();
        });
        return result.value();
    }

    int underWay() {
        return count.get();
    }

    int most() {
        return most.get();
    }

    int begun() {
        return begun.get();
    }

    int cancelled() {
        return cancelled.get();
    }

    void awaitBegun(int number) {
        Eventually.until(number + " calls have begun, not " + begun, () -> begun.get() >= number);
    }
}
