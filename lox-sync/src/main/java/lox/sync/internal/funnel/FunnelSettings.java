package lox.sync.internal.funnel;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import lox.sync.spi.Dialect;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * How a join behaves, and what it makes of a job. {@code FunnelOptions} fills the fields in and checks their values;
 * a join reads them when it is made. Not safe for use from many threads.
 *
 * @param <K> the type of the job id
 * @param <J> what consumers receive of a job
 */
public final class FunnelSettings<K, J> {
    /** What an input that is made after the first put means for the pending jobs. */
    public enum Late {
        /** They wait for its value too. */
        RAISE_PENDING,
        /** They do not wait for it. */
        NEW_JOBS_ONLY,
        /** Late inputs are refused. */
        REFUSE
    }

    /** What happens to a value that would begin one more job than the limit allows. */
    public enum Full {
        /** The put fails. */
        FAIL,
        /** The put waits. */
        WAIT,
        /** The oldest job is discarded. */
        DISCARD_OLDEST
    }

    /** Why a job, or a value of one, was discarded. */
    public enum Discard {
        /** It was not completed in time. */
        EXPIRED,
        /** It made room for a new one. */
        EVICTED,
        /** It could not be completed any more. */
        COMPLETED,
        /** The Funnel has failed. */
        FAILED,
        /** The value came after its job had been joined. */
        LATE
    }

    /**
     * Makes what consumers receive of a job.
     *
     * @param <K> the type of the job id
     * @param <J> what it makes
     */
    @FunctionalInterface
    public interface Joiner<K, J> {
        /**
         * Makes it, while the job's monitor is held.
         *
         * @param jobId the job
         * @param entries each input that has put, followed by its value, in the order of the inputs; nulls behind.
         *     Never changed again
         * @return what consumers receive
         */
        J join(K jobId, @Nullable Object[] entries);
    }

    private static final int DEFAULT_PREFETCH = 256;

    private final Joiner<K, J> joiner;
    private final Function<String, RuntimeException> refusal;
    private final BiFunction<String, Throwable, RuntimeException> failed;
    private final Set<String> set = new HashSet<>();
    private @Nullable Dialect dialect;
    private @Nullable Supplier<Timekeeper> timekeeper;

    /** For messages; null for a name that is made up. */
    public @Nullable String name;

    /** Whether a second value from one input for the same pending job fails; otherwise the last wins. */
    public boolean refusesDuplicates;

    /** What late inputs mean. */
    public Late lateInputs = Late.RAISE_PENDING;

    /** What happens to a value that would begin one job more than the limit allows; null if there is no limit. */
    public @Nullable Full whenFull;

    /** How many jobs may be pending. */
    public int pendingLimit;

    /** How long a job may be pending; null for ever. */
    public @Nullable Duration expireAfter;

    /** Is told of every job that is discarded, and of the reason. */
    public @Nullable BiConsumer<? super J, Discard> onDiscard;

    /** At least so many ids of the jobs that were joined last are remembered. */
    public int rememberJoined;

    /** How many values are asked of each publisher in advance. */
    public int prefetch = DEFAULT_PREFETCH;

    /**
     * Whether the join completes as soon as an input that is not optional has completed and no job is pending, since
     * nothing can be joined any more. Otherwise it completes when every input has.
     */
    public boolean endsEarly;

    /**
     * Makes settings without options.
     *
     * @param joiner makes what consumers receive of a job
     * @param refusal makes the failure of a put that finds no room, from its message
     * @param failed makes what a thread that takes receives of a join that has failed, from its name and its failure
     */
    public FunnelSettings(
            Joiner<K, J> joiner,
            Function<String, RuntimeException> refusal,
            BiFunction<String, Throwable, RuntimeException> failed) {
        this.joiner = joiner;
        this.refusal = refusal;
        this.failed = failed;
    }

    /**
     * Sets what differs from library to library. Has to be set before a join is made.
     *
     * @param dialect the library's conventions
     * @param timekeeper the clock and the timer for jobs that expire; asked only where something does
     */
    public void speak(Dialect dialect, Supplier<Timekeeper> timekeeper) {
        this.dialect = dialect;
        this.timekeeper = timekeeper;
    }

    /**
     * Refuses an option that is set twice.
     *
     * @param option its name
     * @throws IllegalStateException if this has been called with it before
     */
    public void setOnce(String option) {
        if (!set.add(option)) {
            throw new IllegalStateException(option + " has been set before");
        }
    }

    Dialect dialect() {
        return Objects.requireNonNull(dialect, "dialect");
    }

    Timekeeper timekeeper() {
        return Objects.requireNonNull(timekeeper, "timekeeper").get();
    }

    Joiner<K, J> joiner() {
        return joiner;
    }

    Function<String, RuntimeException> refusal() {
        return refusal;
    }

    BiFunction<String, Throwable, RuntimeException> failed() {
        return failed;
    }
}
