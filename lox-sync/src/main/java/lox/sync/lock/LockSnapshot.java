package lox.sync.lock;

import java.time.Duration;

/**
 * The state of a lock at one moment, for logs, metrics and tests. While other threads are at work it may be out of date
 * when it is read; once all is quiet it is exact.
 *
 * @param holders how many permits are out; of a {@link WeightedSemaphore}, their combined weight
 * @param waiting how many requests wait
 * @param longestWait how long the first request in the queue has waited
 */
public record LockSnapshot(int holders, int waiting, Duration longestWait) {
    @Override
    public String toString() {
        String line =
                waiting == 0 ? "nobody waits" : waiting + " waiting, the first for " + longestWait.toMillis() + " ms";
        return holders + " inside, " + line;
    }
}
