package lox.sync.internal.hot;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * How a broadcast behaves. {@code AnnouncementOptions} fills the fields in and checks their values; a broadcast reads
 * them when it is made. Not safe for use from many threads.
 */
public final class AnnouncementSettings {
    /** The size of a backlog that has no limit by number. */
    public static final int UNBOUNDED = ItemLog.UNBOUNDED;

    private static final AtomicLong NAMED = new AtomicLong();

    private final Function<String, ? extends Throwable> refusal;
    private final Set<String> set = new HashSet<>();
    private @Nullable Dialect dialect;

    /** For messages; null for a name that is made up. */
    public @Nullable String name;

    /** How many items later subscribers still receive. */
    public int backlog;

    /**
     * Makes settings without options.
     *
     * @param refusal makes the failure of subscribers that come after the seal, from the name of the broadcast
     */
    public AnnouncementSettings(Function<String, ? extends Throwable> refusal) {
        this.refusal = refusal;
    }

    /**
     * Sets what differs from library to library. Has to be set before a broadcast is made.
     *
     * @param dialect the library's conventions
     */
    public void speak(Dialect dialect) {
        this.dialect = dialect;
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

    String name() {
        return name == null ? "announcement-" + NAMED.incrementAndGet() : name;
    }

    Dialect dialect() {
        return Objects.requireNonNull(dialect, "dialect");
    }

    Function<String, ? extends Throwable> refusal() {
        return refusal;
    }
}
