package lox.cluster.internal;

import java.time.Duration;

/**
 * How a member is.
 *
 * @param node how it joins
 * @param dataPort where programs reach its workers; 0 for a free port
 * @param slots how many workers it runs at once
 * @param drainTime how long its workers may go on when it is told to leave
 */
public record MemberSettings(NodeSettings node, int dataPort, int slots, Duration drainTime) {
    /**
     * Checks the numbers.
     *
     * @param node how it joins
     * @param dataPort where programs reach its workers; 0 for a free port
     * @param slots how many workers it runs at once
     * @param drainTime how long its workers may go on when it is told to leave
     * @throws BadInputException if there are fewer than one slots
     */
    public MemberSettings {
        if (slots < 1) {
            throw new BadInputException("slots must be 1 or more, but was " + slots);
        }
    }
}
