package lox.sync.spi.host;

/** Takes what one worker process prints. Called by one thread at a time for each of the two streams. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes a line, or a part of one.
     *
     * @param isError whether it was written to standard error
     * @param line the bytes, without the end of the line
     * @param isEnded false if the end of the line has not come
     */
    void accept(boolean isError, byte[] line, boolean isEnded);
}
