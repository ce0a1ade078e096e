package lox.sync.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A lock for each key: for a customer, a file, a row. One permit holds a key at a time, first come, first served;
 * requests for different keys do not wait for each other.
 *
 * <pre>{@code
 * KeyedLock<String> accounts = new KeyedLock<>();
 * try (Permit permit = accounts.forKey("DE-17").acquire()) {
 *     ledger.append(permit, entry);
 * }
 * }</pre>
 *
 * <p>A key has a lock while it is held or waited for. Nothing is kept for any other key, however many have been used.
 * Keys are told apart by {@code equals} and {@code hashCode}; a key must not change while it is in use.
 *
 * <p>The locks are not reentrant: a holder that asks for the same key again waits for itself. Two threads that take two
 * keys in opposite order wait for each other; take them in one order everywhere.
 *
 * @param <K> the type of the keys
 */
public final class KeyedLock<K> {
    static {
        Acquirable<Permit> lock = new KeyedLock<>().forKey("");
        WarmUp.run(lock, lock);
    }

    final KeyTable table = new KeyTable();

    /** Makes a lock of which no key is in use. */
    public KeyedLock() {}

    /**
     * The lock of one key. Nothing is made or kept before something is acquired or requested through it.
     *
     * @param key which lock
     * @return a view, to be kept or thrown away; all views of equal keys are of the same lock
     */
    public Acquirable<Permit> forKey(K key) {
        return new KeyView(Objects.requireNonNull(key, "key"));
    }

    /**
     * The keys that are in use.
     *
     * @return a copy with each key that is held or waited for at this moment; in no particular order
     */
    public Set<K> keys() {
        Set<K> keys = new HashSet<>();
        for (KeyTable.Entry entry : table.entries()) {
            @SuppressWarnings("unchecked") // forKey takes no others
            K key = (K) entry.key;
            keys.add(key);
        }
        return keys;
    }

    /**
     * How many permits are out, of all keys.
     *
     * @return the number of keys that are held
     */
    public int held() {
        return snapshot().holders();
    }

    /**
     * How many requests wait, for all keys.
     *
     * @return the length of all queues together
     */
    public int waiting() {
        return snapshot().waiting();
    }

    /**
     * The state of the lock. Takes time in proportion to the number of keys in use.
     *
     * @return holders and waiting requests of all keys at this moment, and the longest wait of all
     */
    public LockSnapshot snapshot() {
        int holders = 0;
        int waiting = 0;
        Duration longestWait = Duration.ZERO;
        for (KeyTable.Entry entry : table.entries()) {
            holders += FairSync.inside(entry.sync.state());
            waiting += entry.sync.queueLength();
            Duration wait = entry.sync.longestWait();
            longestWait = wait.compareTo(longestWait) > 0 ? wait : longestWait;
        }
        return new LockSnapshot(holders, waiting, longestWait);
    }

    /**
     * The holders of all keys and the requests that wait for them, each with its key as its {@code toString()} shows
     * it; for finding a deadlock. Never waits.
     *
     * @return the holders, if permits are tracked, and the waiting requests, those of one key together and in the order
     *     of its queue
     */
    public LockReport report() {
        List<LockReport.Entry> waiters = new ArrayList<>();
        for (KeyTable.Entry entry : table.entries()) {
            waiters.addAll(QueueInspector.waitersAt(entry.sync));
        }
        return new LockReport(toString(), table.tracker.isOn(), table.tracker.holders(), waiters);
    }

    @Override
    public String toString() {
        return "KeyedLock[" + snapshot() + "]";
    }

    /** The lock of one key, whether it is in use or not. */
    private final class KeyView implements Acquirable<Permit> {
        private final K key;

        KeyView(K key) {
            this.key = key;
        }

        private KeyPath path() {
            return KeyPath.to(key, table);
        }

        @Override
        public Permit acquire() throws InterruptedException {
            KeyPath path = path();
            try {
                return path.acquire();
            } catch (Throwable failed) {
                path.unpin();
                throw failed;
            }
        }

        @Override
        public Permit acquire(Duration timeout) throws InterruptedException {
            KeyPath path = path();
            try {
                return path.acquire(timeout);
            } catch (Throwable failed) {
                path.unpin();
                throw failed;
            }
        }

        @Override
        public Optional<Permit> tryAcquire() {
            KeyPath path = path();
            try {
                Optional<Permit> permit = path.tryAcquire();
                if (permit.isEmpty()) {
                    path.unpin();
                }
                return permit;
            } catch (Throwable failed) {
                path.unpin();
                throw failed;
            }
        }

        @Override
        public PermitRequest<Permit> request() {
            KeyPath path = path();
            try {
                return path.request();
            } catch (Throwable failed) {
                path.unpin();
                throw failed;
            }
        }

        @Override
        public PermitRequest<Permit> request(Duration timeout) {
            KeyPath path = path();
            try {
                return path.request(timeout);
            } catch (Throwable failed) {
                path.unpin();
                throw failed;
            }
        }

        @Override
        public String toString() {
            return "key " + key + " of " + KeyedLock.this;
        }
    }
}
