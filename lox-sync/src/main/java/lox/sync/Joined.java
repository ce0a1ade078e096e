package lox.sync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import lox.sync.internal.funnel.JoinInput;
import org.jspecify.annotations.Nullable;

/**
 * What came together for one job: its id, and one value from each of its inputs. Immutable as far as its values are,
 * and safe for use from many threads.
 *
 * <pre>{@code
 * Joined<Long> joined = funnel.take();
 * archive.store(joined.jobId(), joined.get(photos), joined.get(tags)); // typed by the inputs
 * }</pre>
 *
 * <p>A joined job has a value from every input the Funnel had then. Values may be missing in three cases, in which
 * {@link #find} is the better question: of an optional input; of an input that has left, or that was made later, with
 * {@link LateInputs#NEW_JOBS_ONLY}; and of any input, in a job that was discarded.
 *
 * @param <K> the type of the job id
 */
public final class Joined<K> {
    private final K jobId;
    private final @Nullable Object[] entries; // inputs and values by turns

    Joined(K jobId, @Nullable Object[] entries) {
        this.jobId = jobId;
        this.entries = entries;
    }

    /**
     * The job.
     *
     * @return its id, as it was given with its first value
     */
    public K jobId() {
        return jobId;
    }

    /**
     * The value from one input.
     *
     * @param input an input of the Funnel this comes from
     * @param <A> the type of the value
     * @return its value
     * @throws NoSuchElementException if the job has no value from this input
     */
    public <A> A get(JobInput<K, A> input) {
        Object value = valueFrom(input);
        if (value == null) {
            throw new NoSuchElementException("job " + jobId + " has no value from " + input);
        }
        return typed(input, value);
    }

    /**
     * The value from one input, if there is one.
     *
     * @param input an input of the Funnel this comes from
     * @param <A> the type of the value
     * @return its value, or empty
     */
    public <A> Optional<A> find(JobInput<K, A> input) {
        Object value = valueFrom(input);
        return value == null ? Optional.empty() : Optional.of(typed(input, value));
    }

    /**
     * The values from all inputs that gave one.
     *
     * @return unmodifiable, in the order in which the inputs were made
     */
    public List<Object> values() {
        List<Object> values = new ArrayList<>(entries.length / 2);
        for (int i = 1; i < entries.length; i += 2) {
            Object value = entries[i];
            if (value != null) {
                values.add(value);
            }
        }
        return Collections.unmodifiableList(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Joined[").append(jobId);
        for (int i = 0; i < entries.length && entries[i] instanceof JoinInput<?, ?> input; i += 2) {
            text.append(", ").append(input.name()).append('=').append(entries[i + 1]);
        }
        return text.append(']').toString();
    }

    private @Nullable Object valueFrom(JobInput<K, ?> input) {
        JoinInput<K, ?> engine = Objects.requireNonNull(input, "input").engine();
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i] == engine) {
                return entries[i + 1];
            }
        }
        return null;
    }

    @SuppressWarnings({"unchecked", "unused"}) // this input put it there, so it is of its type
    private static <A> A typed(JobInput<?, A> input, Object value) {
        return (A) value;
    }
}
