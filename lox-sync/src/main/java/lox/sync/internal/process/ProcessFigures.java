package lox.sync.internal.process;

import java.util.List;

/**
 * The worker processes of a pool at one moment, and what has become of all of them.
 *
 * @param live those that have been started and have not ended
 * @param started how many there have been
 * @param crashed how many have ended by themselves
 * @param killed how many were killed
 * @param sent bytes, to all of them
 * @param received bytes, from all of them
 */
public record ProcessFigures(List<Live> live, long started, long crashed, long killed, long sent, long received) {
    /**
     * One process.
     *
     * @param busy whether it is lent to a lane
     */
    public record Live(String name, long pid, boolean busy, long startedNanos, long sent, long received) {}
}
