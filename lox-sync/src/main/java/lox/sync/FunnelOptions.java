package lox.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.funnel.FunnelSettings;

/**
 * The options of a Funnel that are the same in all dialects. Each can be set once. Not safe for use from many threads.
 *
 * @param <K> the type of the job id
 * @param <B> the builder itself
 */
public abstract class FunnelOptions<K, B extends FunnelOptions<K, B>> {
    static {
        SharedSecrets.register(FunnelOptions.class, options -> options.settings);
    }

    private final FunnelSettings<K, Joined<K>> settings =
            new FunnelSettings<>(Joined::new, FunnelFullException::new, PublisherFailedException::new);

    /** Nothing set. For the builders of the dialects. */
    protected FunnelOptions() {}

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
        settings.setOnce("named");
        settings.name = name;
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
        Objects.requireNonNull(policy, "policy");
        settings.setOnce("duplicates");
        settings.refusesDuplicates = policy == Duplicates.FAIL;
        return self();
    }

    /**
     * Says what an input means, that is made after the first put, for the jobs that are pending. By default they wait
     * for it.
     *
     * @param policy what happens
     * @return this
     * @throws NullPointerException if {@code policy} is null
     * @throws IllegalStateException if it has been set
     */
    public B lateInputs(LateInputs policy) {
        Objects.requireNonNull(policy, "policy");
        settings.setOnce("lateInputs");
        settings.lateInputs = FunnelSettings.Late.valueOf(policy.name());
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
        Objects.requireNonNull(policy, "policy");
        checkPositive("pendingLimit", jobs);
        settings.setOnce("pendingLimit");
        settings.whenFull = FunnelSettings.Full.valueOf(policy.name());
        settings.pendingLimit = jobs;
        return self();
    }

    /**
     * Discards a job that is not filled so long after its first value, with {@link DiscardReason#EXPIRED}. By default
     * jobs do not expire.
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
        settings.setOnce("expireAfter");
        settings.expireAfter = time;
        return self();
    }

    /**
     * Tells of every job that is discarded, with what it had, and why. The hook runs on the thread that discards: one
     * that puts, completes, leaves or fails, or the timer's. It is called once for a job, before the end of the
     * Funnel is signalled, and outside any lock. What it throws is reported as a failure that no consumer can
     * receive.
     *
     * @param hook told of the job, whose {@link Joined#find} says what there was, and of the reason
     * @return this
     * @throws NullPointerException if {@code hook} is null
     * @throws IllegalStateException if it has been set
     */
    public B onDiscard(BiConsumer<? super Joined<K>, ? super DiscardReason> hook) {
        Objects.requireNonNull(hook, "hook");
        settings.setOnce("onDiscard");
        settings.onDiscard = (job, reason) -> hook.accept(job, DiscardReason.valueOf(reason.name()));
        return self();
    }

    /**
     * Remembers the ids of the jobs that were joined last, so that a value that comes after its job has been joined
     * is discarded, with {@link DiscardReason#LATE}, or refused with {@link Duplicates#FAIL}. By default none is
     * remembered: such a value begins a new job, as it should where ids are used again.
     *
     * @param jobs at least so many are remembered, and at most twice as many; at least 1
     * @return this
     * @throws IllegalArgumentException if {@code jobs} is below 1
     * @throws IllegalStateException if it has been set
     */
    public B rememberJoined(int jobs) {
        checkPositive("rememberJoined", jobs);
        settings.setOnce("rememberJoined");
        settings.rememberJoined = jobs;
        return self();
    }

    /**
     * Says how many values are asked of each publisher in advance. No more is asked while as many joined jobs wait to
     * be taken, nor while so many values of one input wait for others and none waits for it. By default 256.
     *
     * @param values at least 1
     * @return this
     * @throws IllegalArgumentException if {@code values} is below 1
     * @throws IllegalStateException if it has been set
     */
    public B prefetch(int values) {
        checkPositive("prefetch", values);
        settings.setOnce("prefetch");
        settings.prefetch = values;
        return self();
    }

    private static void checkPositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be 1 or more, but was " + value);
        }
    }

    @SuppressWarnings("unchecked") // B is the class itself
    private B self() {
        return (B) this;
    }

    final FunnelSettings<K, Joined<K>> settings() {
        return settings;
    }
}
