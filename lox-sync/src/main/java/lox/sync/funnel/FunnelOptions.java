package lox.sync.funnel;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import lox.sync.engine.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The options of a Funnel that are the same in all dialects. Each can be set once. Not safe for use from many threads.
 *
 * @param <K> the type of the job id
 * @param <B> the builder itself
 */
public abstract class FunnelOptions<K, B extends FunnelOptions<K, B>> {
    private static final int DEFAULT_PREFETCH = 256;
    private static final AtomicLong NAMED = new AtomicLong();

    private final Dialect dialect;
    private @Nullable String name;
    private @Nullable Duplicates duplicates;
    private @Nullable LateInputs lateInputs;
    private @Nullable WhenFull whenFull;
    private @Nullable Duration expireAfter;
    private @Nullable BiConsumer<? super Joined<K>, ? super DiscardReason> onDiscard;
    private int pendingLimit;
    private int rememberJoined;
    private int prefetch;
    private boolean endsEarly;

    /**
     * Nothing set.
     *
     * @param dialect the library's conventions
     */
    protected FunnelOptions(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Names the Funnel, for messages. By default a name is made up.
     *
     * @param name not blank
     * @return this
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if it has been set
     */
    public B named(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name must not be empty");
        }
        checkUnset("named", this.name != null);
        this.name = name;
        return self();
    }

    /**
     * Says what a second value from one input for the same pending job does. By default the last wins.
     *
     * @param policy what happens
     * @return this
     * @throws NullPointerException if {@code policy} is null
     * @throws IllegalStateException if it has been set
     */
    public B duplicates(Duplicates policy) {
        checkUnset("duplicates", duplicates != null);
        duplicates = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Says what an input means, that is made after the first put, for the jobs that are pending. By default they wait for it.
     *
     * @param policy what happens
     * @return this
     * @throws NullPointerException if {@code policy} is null
     * @throws IllegalStateException if it has been set
     */
    public B lateInputs(LateInputs policy) {
        checkUnset("lateInputs", lateInputs != null);
        lateInputs = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Limits how many jobs may be pending. By default there is no limit but memory.
     *
     * @param jobs at least 1
     * @param policy what happens to a value that would begin one more
     * @return this
     * @throws NullPointerException if {@code policy} is null
     * @throws IllegalArgumentException if {@code jobs} is below 1
     * @throws IllegalStateException if it has been set
     */
    public B pendingLimit(int jobs, WhenFull policy) {
        checkPositive("pendingLimit", jobs);
        checkUnset("pendingLimit", whenFull != null);
        whenFull = Objects.requireNonNull(policy, "policy");
        pendingLimit = jobs;
        return self();
    }

    /**
     * Discards a job that is not filled so long after its first value, with {@link DiscardReason#EXPIRED}. By default jobs do
     * not expire.
     *
     * @param time more than zero
     * @return this
     * @throws NullPointerException if {@code time} is null
     * @throws IllegalArgumentException if {@code time} is zero, negative, or above 146 years
     * @throws IllegalStateException if it has been set
     */
    public B expireAfter(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isZero() || time.isNegative() || time.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0) {
            throw new IllegalArgumentException(
                    "expireAfter must be more than zero and below 146 years, but was " + time);
        }
        checkUnset("expireAfter", expireAfter != null);
        expireAfter = time;
        return self();
    }

    /**
     * Tells of every job that is discarded, with what it had, and why. The hook runs on the thread that discards: one that
     * puts, completes, leaves or fails, or the timer's. It is called once for a job, before the end of the Funnel is signalled,
     * and outside any lock. What it throws goes where failures go that nobody can receive.
     *
     * @param hook told of the job, whose {@link Joined#find} says what there was, and of the reason
     * @return this
     * @throws NullPointerException if {@code hook} is null
     * @throws IllegalStateException if it has been set
     */
    public B onDiscard(BiConsumer<? super Joined<K>, ? super DiscardReason> hook) {
        checkUnset("onDiscard", onDiscard != null);
        onDiscard = Objects.requireNonNull(hook, "hook");
        return self();
    }

    /**
     * Remembers the ids of the jobs that were joined last, so that a value that comes after its job has been joined is
     * discarded, with {@link DiscardReason#LATE}, or refused with {@link Duplicates#FAIL}. By default none is remembered: such a
     * value begins a new job, as it should where ids are used again.
     *
     * @param jobs at least so many are remembered, and at most twice as many; at least 1
     * @return this
     * @throws IllegalArgumentException if {@code jobs} is below 1
     * @throws IllegalStateException if it has been set
     */
    public B rememberJoined(int jobs) {
        checkPositive("rememberJoined", jobs);
        checkUnset("rememberJoined", rememberJoined != 0);
        rememberJoined = jobs;
        return self();
    }

    /**
     * Says how many values are asked of each publisher in advance. No more is asked while as many joined jobs wait to be
     * taken, nor while so many values of one input wait for others and none waits for it. By default 256.
     *
     * @param values at least 1
     * @return this
     * @throws IllegalArgumentException if {@code values} is below 1
     * @throws IllegalStateException if it has been set
     */
    public B prefetch(int values) {
        checkPositive("prefetch", values);
        checkUnset("prefetch", prefetch != 0);
        prefetch = values;
        return self();
    }

    /**
     * For lox's adapters: this.
     *
     * @return the builder
     */
    protected abstract B self();

    /**
     * For lox's adapters: the clock and the timer for {@code expireAfter}.
     *
     * @return asked for only where something expires
     */
    protected abstract Timekeeper timekeeper();

    /**
     * For lox's adapters: lets the Funnel complete as soon as an input has completed and no job is pending, since nothing can
     * be joined any more. Otherwise it completes when every input has.
     *
     * @return this
     */
    protected final B endEarly() {
        endsEarly = true;
        return self();
    }

    /**
     * For lox's adapters: refuses an option that is set twice.
     *
     * @param option its name
     * @param set whether it has been set
     */
    protected static void checkUnset(String option, boolean set) {
        if (set) {
            throw new IllegalStateException(option + " has been set before");
        }
    }

    private static void checkPositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be 1 or more, but was " + value);
        }
    }

    final Dialect dialect() {
        return dialect;
    }

    final String name() {
        return name == null ? "funnel-" + NAMED.incrementAndGet() : name;
    }

    final Duplicates duplicates() {
        return duplicates == null ? Duplicates.LAST_WINS : duplicates;
    }

    final LateInputs lateInputs() {
        return lateInputs == null ? LateInputs.RAISE_PENDING : lateInputs;
    }

    final @Nullable WhenFull whenFull() {
        return whenFull;
    }

    final int pendingLimit() {
        return pendingLimit;
    }

    final @Nullable Duration expireAfter() {
        return expireAfter;
    }

    final @Nullable BiConsumer<? super Joined<K>, ? super DiscardReason> onDiscard() {
        return onDiscard;
    }

    final int rememberJoined() {
        return rememberJoined;
    }

    final int prefetch() {
        return prefetch == 0 ? DEFAULT_PREFETCH : prefetch;
    }

    final boolean endsEarly() {
        return endsEarly;
    }
}
