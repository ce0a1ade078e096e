package lox.sync.internal.hot;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import lox.sync.spi.Dialect;
import lox.sync.spi.Timekeeper;
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
    private @Nullable Supplier<Timekeeper> timekeeper;

    /** For messages; null for a name that is made up. */
    public @Nullable String name;

    /** How many items later subscribers still receive; 0 for none, or for no limit by number if there is a lifetime. */
    public int backlog;

    /** How long later subscribers still receive an item; null for ever. */
    public @Nullable Duration lifetime;

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
     * @param timekeeper the clock and the timer for items that expire; asked only where something does
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

    String name() {
        return name == null ? "lox-announcement-" + NAMED.incrementAndGet() : name;
    }

    Dialect dialect() {
        return Objects.requireNonNull(dialect, "dialect");
    }

    Function<String, ? extends Throwable> refusal() {
        return refusal;
    }

    int backlog() {
        return lifetime != null && backlog == 0 ? UNBOUNDED : backlog;
    }

    @Nullable
    BacklogExpiry expiry() {
        return lifetime == null
                ? null
                : new BacklogExpiry(
                        Objects.requireNonNull(timekeeper, "timekeeper").get(), lifetime.toNanos(), dialect()::drop);
    }
}
