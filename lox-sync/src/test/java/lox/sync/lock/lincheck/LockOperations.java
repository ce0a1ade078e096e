package lox.sync.lock.lincheck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import lox.sync.lock.Acquirable;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import lox.sync.lock.KeyedLock;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.LockSnapshot;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;
import lox.sync.lock.WeightedSemaphore;
import lox.sync.lock.WritePermit;
import org.jspecify.annotations.Nullable;

/** The locks as Lincheck calls them. A request goes by its number; {@code side} chooses one of a lock's two doors. */
@SuppressWarnings("resource") // whoever asks keeps the permit until a later operation closes it
public abstract class LockOperations {
    private final PermitRequest<?>[] requests = new PermitRequest<?>[8];
    private final Map<Integer, Permit> tried = new HashMap<>();
    private int counter;

    abstract Acquirable<? extends Permit> door(int side);

    abstract LockSnapshot snapshot();

    public void request(int side, int number) {
        requests[number] = door(side).request();
    }

    public boolean cancel(int number) {
        return requests[number].cancel();
    }

    /** Releases what was granted, or withdraws the request. */
    public void close(int number) {
        requests[number].close();
    }

    /** A plain counter, which counts right only if one thread at a time is at it. */
    public int count(int side) throws InterruptedException {
        try (Permit permit = door(side).acquire()) {
            int seen = counter;
            counter = seen + (permit == null ? 0 : 1);
            return seen;
        }
    }

    /** Waits for a request that another operation made, then gives the permit back. */
    public void await(int number) throws InterruptedException {
        requests[number].await().close();
    }

    public boolean tryAcquire(int side, int number) {
        Permit permit = door(side).tryAcquire().orElse(null);
        if (permit != null) {
            tried.put(number, permit);
        }
        return permit != null;
    }

    /** Holders in the hundreds, and requests that wait. */
    public int quiet() {
        LockSnapshot snapshot = snapshot();
        return 100 * snapshot.holders() + snapshot.waiting();
    }

    public static final class OfQLock extends LockOperations {
        private final QLock lock = new QLock();

        @Override
        Acquirable<Permit> door(int side) {
            return lock;
        }

        @Override
        LockSnapshot snapshot() {
            return lock.snapshot();
        }
    }

    public static final class OfRWLock extends LockOperations {
        private final RWLock lock = new RWLock();
        private @Nullable WritePermit writing;

        @Override
        Acquirable<? extends Permit> door(int side) {
            return side == 0 ? lock.read() : lock.write();
        }

        @Override
        LockSnapshot snapshot() {
            return lock.snapshot();
        }

        public void write() {
            writing = lock.write().tryAcquire().orElseThrow();
        }

        public void downgrade() {
            if (writing != null) {
                writing.downgrade();
            }
        }
    }

    public static final class OfLightSwitch extends LockOperations {
        private final QLock room = new QLock();
        private final LightSwitch guests = new LightSwitch(room);

        @Override
        Acquirable<? extends Permit> door(int side) {
            return side == 0 ? guests : room;
        }

        @Override
        LockSnapshot snapshot() {
            return guests.snapshot();
        }

        public int quietRoom() {
            return 100 * room.held() + room.waiting();
        }
    }

    /** A switch above a lock that others may have at the same time. */
    public static final class OfSwitchOverReaders extends LockOperations {
        private final RWLock room = new RWLock();
        private final LightSwitch guests = new LightSwitch(room.read());

        @Override
        Acquirable<Permit> door(int side) {
            return guests;
        }

        @Override
        LockSnapshot snapshot() {
            return guests.snapshot();
        }

        public int quietRoom() {
            return room.readers();
        }
    }

    /** The side is the weight. Everything is free at first, of a capacity of 2. */
    public static final class OfWeightedSemaphore extends LockOperations {
        private final WeightedSemaphore semaphore = new WeightedSemaphore(4);

        public OfWeightedSemaphore() {
            semaphore.resize(2);
        }

        @Override
        Acquirable<Permit> door(int side) {
            return side == 1 ? semaphore : semaphore.weighing(side);
        }

        @Override
        LockSnapshot snapshot() {
            return semaphore.snapshot();
        }

        public void resize(int capacity) {
            semaphore.resize(capacity);
        }

        public int available() {
            return semaphore.available();
        }
    }

    /** The side is the key; all keys have one hash code. */
    public static final class OfKeyedLock extends LockOperations {
        private final KeyedLock<Key> lock = new KeyedLock<>();

        /** A key that collides with all others. */
        private record Key(int number) {
            @Override
            public int hashCode() {
                return 1;
            }
        }

        @Override
        Acquirable<Permit> door(int side) {
            return lock.forKey(new Key(side));
        }

        @Override
        LockSnapshot snapshot() {
            return lock.snapshot();
        }

        /** How many keys are kept. */
        public int keys() {
            return lock.keys().size();
        }
    }

    /** Two indices, in the gate's word. */
    public static class OfIndexSemaphore extends LockOperations {
        private final IndexSemaphore cards;
        private final List<IndexPermit> taken;
        private final Map<Integer, Boolean> used = new ConcurrentHashMap<>();

        public OfIndexSemaphore() {
            this(2);
        }

        /** All but two of them are in use for good. */
        OfIndexSemaphore(int resources) {
            cards = new IndexSemaphore(resources);
            taken = Stream.generate(() -> cards.tryAcquire().orElseThrow())
                    .limit(resources - 2)
                    .toList();
        }

        @Override
        Acquirable<IndexPermit> door(int side) {
            return cards;
        }

        @Override
        LockSnapshot snapshot() {
            LockSnapshot all = cards.snapshot();
            return new LockSnapshot(all.holders() - taken.size(), all.waiting(), all.longestWait());
        }

        /** True if nobody else had the same index meanwhile. */
        public boolean use() throws InterruptedException {
            try (IndexPermit card = cards.acquire()) {
                boolean alone = used.put(card.index(), true) == null;
                return used.remove(card.index(), true) && alone;
            }
        }
    }

    /** Two indices that are left of more than fit into the gate's word. */
    public static final class OfManyIndices extends OfIndexSemaphore {
        public OfManyIndices() {
            super(9);
        }
    }
}
