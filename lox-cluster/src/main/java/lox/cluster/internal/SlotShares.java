package lox.cluster.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which program has which of a member's slots, and who waits for one. Not thread-safe; times are those of one clock, in
 * nanoseconds.
 *
 * <p><b>Invariants.</b> There are no more workers than slots. A worker is wanted back only of the one with the most,
 * and only for one that waits and would still not have more than that one afterwards; workers that are wanted back
 * already count as gone. So shares that differ by one are left alone, and no slot goes to and fro. A slot that becomes
 * free is kept for the program with the fewest of those that wait, until it comes or {@value #KEPT_NANOS} ns are over:
 * else the one that has just given it back would be the first to ask.
 *
 * @param <P> a program
 * @param <W> a worker
 */
final class SlotShares<P, W> {
    static final long KEPT_NANOS = 1_000_000_000;

    private final int slots;
    private final Map<W, P> held = new LinkedHashMap<>();
    private final Set<W> wantedBack = new HashSet<>();
    private final Set<P> waiting = new LinkedHashSet<>();
    private final Map<P, Long> keptSince = new HashMap<>();

    SlotShares(int slots) {
        this.slots = slots;
    }

    /** Takes a slot for a worker. False if there is none for that program now; then it waits. */
    boolean take(P program, W worker) {
        int free = slots - held.size();
        boolean isKept = keptSince.containsKey(program);
        if (free <= 0 || (!isKept && free <= keptSince.size())) {
            waiting.add(program);
            return false;
        }
        keptSince.remove(program);
        waiting.remove(program);
        held.put(worker, program);
        return true;
    }

    /** A worker that its program is to give back, since this one waits; null if none is, or enough are already. */
    @Nullable
    W wantBackFor(P program) {
        if (held.isEmpty()) {
            return null; // all are kept for others
        }
        P richest = Collections.max(held.values(), Comparator.comparingInt(this::share));
        boolean isUnfair = share(richest) >= share(program) + 2;
        int onTheirWay = wantedBack.size() + keptSince.size();
        if (!isUnfair || onTheirWay >= waiting.size()) {
            return null;
        }
        W latest = null;
        for (Map.Entry<W, P> one : held.entrySet()) {
            if (one.getValue().equals(richest) && !wantedBack.contains(one.getKey())) {
                latest = one.getKey();
            }
        }
        if (latest != null) {
            wantedBack.add(latest);
        }
        return latest;
    }

    /** How many workers a program has that it may keep. */
    private int share(P program) {
        return (int) held.entrySet().stream()
                .filter(one -> one.getValue().equals(program) && !wantedBack.contains(one.getKey()))
                .count();
    }

    /** Notes that a worker has ended. Returns the programs that should ask again now. */
    List<P> end(W worker, long now) {
        if (held.remove(worker) == null) {
            return List.of();
        }
        wantedBack.remove(worker);
        waiting.stream()
                .filter(one -> !keptSince.containsKey(one))
                .min(Comparator.comparingInt(this::share))
                .ifPresent(poorest -> keptSince.put(poorest, now));
        return List.copyOf(keptSince.keySet());
    }

    /** Forgets programs that are not among these. They wait no longer; their workers end by themselves. */
    void retain(Collection<P> programs) {
        waiting.retainAll(programs);
        keptSince.keySet().retainAll(programs);
    }

    /** Keeps slots no longer whose time is over. Returns the programs that should ask again: all, if one is free. */
    List<P> release(long now) {
        List<P> late = new ArrayList<>();
        keptSince.forEach((program, since) -> {
            if (now - since >= KEPT_NANOS) {
                late.add(program);
            }
        });
        late.forEach(keptSince::remove);
        late.forEach(waiting::remove); // it has been told, and has not come
        return slots - held.size() > keptSince.size() ? List.copyOf(waiting) : List.of();
    }
}
