package lox.sync.spi;

/** Receives the progress of a gather. */
@FunctionalInterface
public interface ProgressSink {
    /**
     * Receives one update.
     *
     * @param done how many tasks have ended, including failed ones
     * @param failed how many of them failed
     * @param total how many there are
     */
    void update(long done, long failed, long total);

    /** The gather is over, however it ended. Called once, after the last update. */
    default void ended() {}
}
