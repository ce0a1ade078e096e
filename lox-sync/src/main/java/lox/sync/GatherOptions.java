package lox.sync;

import java.time.Duration;
import java.util.Objects;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.core.GatherSettings;
import lox.sync.spi.ProgressSink;

/**
 * What a gather does beside its results: it tells how far it is, and ends at a deadline. Every gather of every dialect
 * takes them. Immutable and safe for use from many threads; each method gives other options, and one object can serve
 * any number of gathers.
 *
 * <pre>{@code
 * GatherOptions patient = GatherOptions.create()
 *         .progress((done, failed, total) -> System.out.println(done + " of " + total))
 *         .timeout(Duration.ofSeconds(30));
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * List<String> pages = fetch.gather(uris, patient);
 * }</pre>
 *
 * <p>By default a gather tells nobody, and has any time.
 */
public final class GatherOptions {
    static {
        SharedSecrets.register(GatherOptions.class, GatherOptions::settings);
    }

    private static final GatherOptions NONE =
            new GatherOptions(new GatherSettings(null, null, GatherTimeoutException::new));

    private final GatherSettings settings;

    private GatherOptions(GatherSettings settings) {
        this.settings = settings;
    }

    /**
     * Nothing set.
     *
     * @return the defaults
     */
    public static GatherOptions create() {
        return NONE;
    }

    /**
     * Tells how far the gather is. The last update comes before the result of a gather that gives a list, and before
     * the last result of one that gives them one by one.
     *
     * @param progress receives the updates of each gather that is given these options
     * @return these options with that
     * @throws NullPointerException if {@code progress} is null
     */
    public GatherOptions progress(Progress progress) {
        Objects.requireNonNull(progress, "progress");
        return new GatherOptions(new GatherSettings(new Sink(progress), settings.timeout(), settings.late()));
    }

    private record Sink(Progress progress) implements ProgressSink {
        @Override
        public void update(long done, long failed, long total) {
            progress.update(done, failed, total);
        }

        @Override
        public void ended() {
            progress.ended();
        }
    }

    /**
     * Gives each gather so much time, from its call on. Then its batch is cancelled: what has not started is dropped,
     * and what runs is interrupted. {@code gatherSettled} gives what there is by then: a task that had not ended is a
     * {@link Outcome.Failure} with a {@link java.util.concurrent.CancellationException}. Every other gather fails with
     * a {@link GatherTimeoutException}, one that gives its results one by one after those that were ready in time. The
     * failures that {@code gatherDelayError} would have told are suppressed exceptions of it, ten of them at most.
     *
     * @param timeout the longest time; if it is zero or negative, only what has ended by the call is in time
     * @return these options with that
     * @throws NullPointerException if {@code timeout} is null
     */
    public GatherOptions timeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return new GatherOptions(new GatherSettings(settings.progress(), timeout, settings.late()));
    }

    GatherSettings settings() {
        return settings;
    }

    @Override
    public String toString() {
        return "GatherOptions[" + (settings.progress() == null ? "no progress" : "progress") + ", "
                + (settings.timeout() == null ? "no timeout" : "timeout " + settings.timeout()) + "]";
    }
}
