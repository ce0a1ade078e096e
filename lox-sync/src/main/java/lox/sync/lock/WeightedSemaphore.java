package lox.sync.lock;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A semaphore whose permits have weights: megabytes, connections, shares of a rate. The weights of the permits that are
 * out come to no more than its capacity, which can be changed while it is in use.
 *
 * <pre>{@code
 * WeightedSemaphore megabytes = new WeightedSemaphore(512);
 * try (Permit permit = megabytes.acquire(64)) {
 *     return catalogue.find(permit, name);
 * }
 * }</pre>
 *
 * <p>Requests are granted strictly in the order of the queue, whatever they weigh: while a request for 64 waits at the
 * head, no request for 1 behind it is granted, though there may be room for it. So heavy requests do not starve. One
 * permit stands for the whole weight, and closing it returns all of it, once.
 *
 * <p>As an {@link Acquirable} it grants permits of weight 1. {@link #weighing} is the same for another weight, for
 * instance for {@code Locks.using…} of lox-reactor and lox-rxjava, or below a {@link LightSwitch}.
 *
 * <p>A request that weighs more than the capacity at that moment is refused with an {@link IllegalArgumentException}:
 * it would hold back all requests behind it, and might never be granted. A request that waits already when the capacity
 * falls below its weight keeps its place; see {@link #resize}.
 */
public final class WeightedSemaphore extends AcquirePath<Permit> {
    static {
        WeightedSemaphore semaphore = new WeightedSemaphore(1);
        WarmUp.run(semaphore.weighing(1), semaphore);
        semaphore.resize(2);
    }

    private final WeightedSync weights;

    /**
     * Makes a semaphore of which everything is available.
     *
     * @param capacity the greatest combined weight of the permits that are out at the same time, from 1 to
     *     1,073,741,823
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public WeightedSemaphore(int capacity) {
        this(new WeightedSync(checkedCapacity(capacity)));
    }

    private WeightedSemaphore(WeightedSync weights) {
        super(weights, 1);
        this.weights = weights;
    }

    private static int checkedCapacity(int capacity) {
        if (capacity < 1 || capacity > WeightedSync.MOST) {
            throw new IllegalArgumentException("capacity must be from 1 to " + WeightedSync.MOST + ", not " + capacity);
        }
        return capacity;
    }

    /**
     * Waits for a permit of the given weight, parking the calling thread if necessary.
     *
     * @param weight from 1 to the capacity
     * @return the permit, to be closed by the caller
     * @throws InterruptedException if the thread was interrupted before the permit was granted; nothing is held
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public Permit acquire(int weight) throws InterruptedException {
        return weighing(weight).acquire();
    }

    /**
     * Waits for a permit of the given weight, but no longer than the given time.
     *
     * @param weight from 1 to the capacity
     * @param timeout how long to wait at most; zero or less means not to wait
     * @return the permit, to be closed by the caller
     * @throws AcquireTimeoutException if the time was over before the permit was granted; nothing is held
     * @throws InterruptedException if the thread was interrupted before the permit was granted; nothing is held
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public Permit acquire(int weight, Duration timeout) throws InterruptedException {
        return weighing(weight).acquire(timeout);
    }

    /**
     * Takes a permit of the given weight if one is available without waiting. Never overtakes a request that waits.
     *
     * @param weight from 1 to the capacity
     * @return the permit, to be closed by the caller; empty if less is available, if a request waits, or if another
     *     thread is at this moment granting a request or removing one that was withdrawn
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public Optional<Permit> tryAcquire(int weight) {
        return weighing(weight).tryAcquire();
    }

    /**
     * Asks for a permit of the given weight and returns at once.
     *
     * @param weight from 1 to the capacity
     * @return the request, which may have been granted already
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public PermitRequest<Permit> request(int weight) {
        return weighing(weight).request();
    }

    /**
     * Asks for a permit of the given weight and returns at once. The request is withdrawn if it has not been granted in
     * time.
     *
     * @param weight from 1 to the capacity
     * @param timeout how long the request may wait at most; zero or less means not to wait
     * @return the request, which may have ended already
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public PermitRequest<Permit> request(int weight, Duration timeout) {
        return weighing(weight).request(timeout);
    }

    /**
     * This semaphore as a source of permits of one weight. It has the semaphore's one queue and capacity. Each request
     * through it is refused with an {@link IllegalArgumentException} while the weight is more than the capacity.
     *
     * @param weight of each permit, from 1 to the capacity
     * @return a view, to be kept or thrown away
     * @throws IllegalArgumentException if the weight is less than 1 or more than the capacity is now
     */
    public Acquirable<Permit> weighing(int weight) {
        checkWeight(weight);
        return new WeightedPath(weight);
    }

    private void checkWeight(int weight) {
        int capacity = weights.capacity();
        if (weight < 1 || weight > capacity) {
            throw new IllegalArgumentException(
                    "weight must be from 1 to the capacity, " + capacity + ", not " + weight);
        }
    }

    /**
     * Changes the capacity, while the semaphore is in use or not. When it grows, the requests at the head of the queue
     * that fit now are granted. When it shrinks, the permits that are out stay valid, and nothing is granted before
     * enough of them have been closed; until then {@link #available()} may be negative.
     *
     * <p>A request that waits and weighs more than the new capacity goes on waiting, and holds back those behind it,
     * until the capacity has grown again, or until it is withdrawn or times out.
     *
     * <p>Once a call has returned, nothing is granted by an earlier capacity. When several threads resize at the same
     * time, one capacity is the last and stays, and a call may return just before another thread has applied it. Never
     * waits for another thread: as with {@link Permit#close()}, a thread that is granting requests at this moment does
     * the granting of this call as well, by the capacity that it finds then.
     *
     * @param capacity the new one, from 1 to 1,073,741,823
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public void resize(int capacity) {
        weights.resize(checkedCapacity(capacity));
    }

    @Override
    int withOneMore(int inside, Permit permit) {
        return WeightedSync.withOneMore(inside, 1);
    }

    @Override
    Permit newPermit(@Nullable Throwable acquiredHere) {
        return new PlainPermit(this, acquiredHere);
    }

    @Override
    String name() {
        return "WeightedSemaphore";
    }

    /**
     * The greatest combined weight of the permits that are out at the same time.
     *
     * @return as given to the constructor or to the latest {@link #resize}
     */
    public int capacity() {
        return weights.capacity();
    }

    /**
     * How much of the capacity is not in use. It may be there and yet not to be had, while a heavier request waits at
     * the head of the queue.
     *
     * @return the capacity less the combined weight of the permits that are out; negative if the capacity has shrunk
     *     below that
     */
    public int available() {
        return WeightedSync.available(sync.state());
    }

    /**
     * How much of the capacity is in use.
     *
     * @return the combined weight of the permits that are out
     */
    public int held() {
        return weights.held(sync.state());
    }

    /**
     * How many requests wait, whatever they weigh.
     *
     * @return the length of the queue
     */
    public int waiting() {
        return sync.queueLength();
    }

    /**
     * The state of the semaphore.
     *
     * @return at this moment, the combined weight of the permits that are out as {@code holders}, and the waiting
     *     requests
     */
    public LockSnapshot snapshot() {
        return new LockSnapshot(weights.held(sync.state()), sync.queueLength(), sync.longestWait());
    }

    /**
     * The holders of the semaphore and the requests that wait for it, each with its weight; for finding a deadlock.
     * Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests
     */
    public LockReport report() {
        return QueueInspector.report(toString(), sync);
    }

    @Override
    public String toString() {
        return "WeightedSemaphore[of " + capacity() + ": " + snapshot() + "]";
    }

    /** The way to permits of one weight. */
    private final class WeightedPath extends AcquirePath<Permit> {
        WeightedPath(int weight) {
            super(WeightedSemaphore.this.sync, weight);
        }

        @Override
        int withOneMore(int inside, Permit permit) {
            return WeightedSync.withOneMore(inside, weight);
        }

        /** Each request begins with a new permit, so a weight that cannot be had is refused here. */
        @Override
        Permit newPermit(@Nullable Throwable acquiredHere) {
            checkWeight(weight);
            return new PlainPermit(this, acquiredHere == null ? "" : name(), acquiredHere);
        }

        @Override
        String name() {
            return "WeightedSemaphore.weighing(" + weight + ")";
        }

        @Override
        public String toString() {
            return "weight " + weight + " of " + WeightedSemaphore.this;
        }
    }
}
