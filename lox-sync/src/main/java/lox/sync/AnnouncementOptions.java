package lox.sync;

import java.time.Duration;
import java.util.Objects;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.hot.AnnouncementSettings;

/**
 * The options of an Announcement that are the same in all dialects. Each can be set once. Not safe for use from many
 * threads.
 *
 * @param <B> the builder itself
 */
public abstract class AnnouncementOptions<B extends AnnouncementOptions<B>> {
    static {
        SharedSecrets.register(AnnouncementOptions.class, options -> options.settings);
    }

    private final AnnouncementSettings settings = new AnnouncementSettings(AnnouncementSealedException::new);

    /** Nothing set. For the builders of the dialects. */
    protected AnnouncementOptions() {}

    /**
     * Names the Announcement, for messages. By default a name is made up.
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
     * Keeps the last items for later subscribers. So many are kept, and not one more. By default none is.
     *
     * @param items how many, at least 1
     * @return this
     * @throws IllegalArgumentException if {@code items} is below 1
     * @throws IllegalStateException if it has been set, or if {@link #unboundedBacklog()} has
     */
    public B backlog(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("backlog must be 1 or more, but was " + items);
        }
        return limitBacklog(items);
    }

    /**
     * Keeps items for later subscribers for so long after they were put. Alone, it keeps all items that are not older;
     * with {@link #backlog(int)}, so many of them at most. By default the age of an item does not matter.
     *
     * <p>An item that has expired is neither given to a new subscriber nor in the backlog that is read, from that
     * moment on. It is released by the next put. Where none follows, a timer releases it, at the latest an eighth of
     * the time later, or a millisecond if that is more. A subscriber that was there before receives what it has not
     * requested yet, however old.
     *
     * @param time more than zero
     * @return this
     * @throws NullPointerException if {@code time} is null
     * @throws IllegalArgumentException if {@code time} is zero, negative, or above 146 years
     * @throws IllegalStateException if it has been set
     */
    public B backlog(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isZero() || time.isNegative() || time.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0) {
            throw new IllegalArgumentException("backlog must be more than zero and below 146 years, but was " + time);
        }
        settings.setOnce("the time of the backlog");
        settings.lifetime = time;
        return self();
    }

    /**
     * Keeps everything that is put for later subscribers, until the Announcement is sealed; with
     * {@link #backlog(Duration)}, until it has expired.
     *
     * @return this
     * @throws IllegalStateException if it has been set, or if {@link #backlog(int)} has
     */
    public B unboundedBacklog() {
        return limitBacklog(AnnouncementSettings.UNBOUNDED);
    }

    private B limitBacklog(int items) {
        settings.setOnce("the number of items in the backlog");
        settings.backlog = items;
        return self();
    }

    @SuppressWarnings("unchecked") // B is the class itself
    private B self() {
        return (B) this;
    }

    final AnnouncementSettings settings() {
        return settings;
    }
}
