package lox.sync;

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
     * Keeps everything that is put for later subscribers, until the Announcement is sealed.
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
