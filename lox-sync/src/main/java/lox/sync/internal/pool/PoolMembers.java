package lox.sync.internal.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The functions and clients that share the places of one {@link LanePool}, as long as somebody uses them. Safe for use
 * from many threads.
 */
final class PoolMembers {
    private final Set<PoolFunction> functions = weakSet();
    private final Set<PoolClient> clients = weakSet();

    private static <T> Set<T> weakSet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /** Keeps a weak reference. */
    void add(PoolFunction function) {
        functions.add(function);
    }

    /** Keeps a weak reference. */
    void add(PoolClient client) {
        clients.add(client);
    }

    /** How many tasks of all functions wait for a worker. */
    long pending() {
        return copyOf(functions).stream().mapToLong(PoolFunction::pending).sum();
    }

    /** What all functions are at. */
    List<RunningTask> running() {
        return copyOf(functions).stream()
                .flatMap(each -> each.running().stream())
                .toList();
    }

    /** Whether nothing is left to run, once no new work is accepted. */
    boolean areIdle() {
        return copyOf(functions).stream().allMatch(PoolFunction::isQuiet)
                && copyOf(clients).stream().allMatch(PoolClient::isTerminated);
    }

    /** Lets what has been accepted run. */
    void shutdown() {
        copyOf(clients).forEach(PoolClient::shutdown);
    }

    /** Drops what waits, and interrupts what runs. No job of a client begins in a place that becomes free by that. */
    void cancelAll(String reason) {
        for (PoolClient client : copyOf(clients)) {
            client.drop();
        }
        for (PoolFunction function : copyOf(functions)) {
            function.cancelAll(reason);
        }
        for (PoolClient client : copyOf(clients)) {
            client.shutdownNow();
        }
    }

    private static <T> List<T> copyOf(Set<T> members) {
        synchronized (members) {
            return new ArrayList<>(members);
        }
    }
}
