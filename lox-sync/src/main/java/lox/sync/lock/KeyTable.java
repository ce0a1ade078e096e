package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/*
 * The entries of a KeyedLock: one for each key that is in use. An entry counts its pins. A pin is an operation under
 * way, a request that may still be granted, or a permit that is out; each path to an entry has one, see KeyPath.
 *
 *            made by the first            pin                unpin, the last one
 *     (none) -----------------> 1 pin ---------> n pins ... ---------------------> 0 pins, dead
 *                                     <---------                                     |
 *                                       unpin                                        | taken out by that thread, or by
 *                                                                                    v the next one that needs the key
 *                                                                                  (none)
 *
 * Invariants: an entry with pins is in the table, and the only one of its key. An entry without pins gets none ever
 * again. So those that hold or wait for a key meet at one synchronizer, and when the next entry of the key is made,
 * nobody is inside the one before.
 *
 * Entries of the same hash are an immutable list, replaced by compare-and-set. The table is a skip list by hash and
 * not a hash table, whose bins are guarded by mutexes: no thread waits for another here.
 */
final class KeyTable {
    private static final VarHandle PINS;

    static {
        try {
            PINS = MethodHandles.lookup().findVarHandle(Entry.class, "pins", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final PermitTracker tracker = PermitTracker.create();

    private final ConcurrentNavigableMap<Integer, Link> links = new ConcurrentSkipListMap<>();

    /**
     * Returns the entry of a key, with one pin more. Does so, or throws and has changed nothing: only the key's own
     * methods are called, before any change. The caller has made sure of the stack.
     */
    Entry pin(Object key) {
        Integer hash = key.hashCode();
        while (true) {
            Link first = links.get(hash);
            Entry known = find(first, key);
            if (known != null && known.pin()) {
                return known;
            }
            Entry made = new Entry(hash, key);
            if (replace(hash, first, new Link(made, without(first, known)))) {
                // Nobody has used the key since the permit before was closed, or the entry was found dead. What its
                // holder did happens before the entry went, but the table's reads of what is not there are plain.
                VarHandle.acquireFence();
                return made;
            }
        }
    }

    /** Puts a list with a new entry at its head in the place of the list that was seen. */
    private boolean replace(Integer hash, @Nullable Link seen, Link next) {
        try {
            return seen == null ? links.putIfAbsent(hash, next) == null : links.replace(hash, seen, next);
        } catch (StackOverflowError | OutOfMemoryError noRoom) {
            next.entry.unpin(); // it may be in the table already
            throw noRoom;
        }
    }

    private static @Nullable Entry find(@Nullable Link first, Object key) {
        for (Link link = first; link != null; link = link.next) {
            if (link.entry.key.equals(key)) {
                return link.entry;
            }
        }
        return null;
    }

    /** Copies the links before the entry; those behind it are shared. */
    private static @Nullable Link without(@Nullable Link first, @Nullable Entry entry) {
        Link behind = first;
        while (behind != null && behind.entry != entry) {
            behind = behind.next;
        }
        if (behind == null) {
            return first; // it is not there
        }
        Link rest = behind.next;
        for (Link link = first; link != null && link != behind; link = link.next) {
            rest = new Link(link.entry, rest);
        }
        return rest;
    }

    private void remove(Entry dead) {
        while (true) {
            Link first = links.get(dead.hash);
            Link rest = without(first, dead);
            if (first == null || first == rest) {
                return;
            }
            if (rest == null ? links.remove(dead.hash, first) : links.replace(dead.hash, first, rest)) {
                return;
            }
        }
    }

    /** True if nothing is kept, not even a dead entry. */
    boolean isEmpty() {
        return links.isEmpty();
    }

    /** Those that were in the table all the time, and some of those that came or went meanwhile. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Link first : links.values()) {
            for (Link link = first; link != null; link = link.next) {
                if (link.entry.pins > 0) {
                    entries.add(link.entry);
                }
            }
        }
        return entries;
    }

    /** An entry in the list of those with one hash. Compared by identity. */
    private static final class Link {
        final Entry entry;
        final @Nullable Link next;

        Link(Entry entry, @Nullable Link next) {
            this.entry = entry;
            this.next = next;
        }
    }

    /** A key in use, and the synchronizer of those that hold it or wait for it. */
    final class Entry implements Runnable {
        final Object key;
        final FairSync sync = new FairSync(0, tracker);
        private final Integer hash;
        private volatile int pins = 1;

        Entry(Integer hash, Object key) {
            this.hash = hash;
            this.key = key;
        }

        /** Returns false if the entry is dead. */
        private boolean pin() {
            int seen;
            do {
                seen = pins;
                if (seen == 0) {
                    return false;
                }
            } while (!PINS.compareAndSet(this, seen, seen + 1));
            return true;
        }

        /** Takes one pin away. Throws nothing; the caller has made sure of the stack. */
        void unpin() {
            if ((int) PINS.getAndAdd(this, -1) != 1) {
                return;
            }
            try {
                remove(this);
            } catch (StackOverflowError | OutOfMemoryError noRoom) {
                removeElsewhere();
            }
        }

        private void removeElsewhere() {
            try {
                Timer.elsewhere(this);
            } catch (StackOverflowError | OutOfMemoryError later) {
                return; // it is dead all the same, and the next one that needs the key takes it out
            }
        }

        @Override
        public void run() {
            remove(this);
        }
    }
}
