package lox.sync.internal.map;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Takes results in the order in which the tasks end.
 *
 * <p>A task that takes very long keeps its own segment, but none of the later ones: those with unfinished tasks are
 * kept in a set, not in a chain. <b>Invariant.</b> A segment with an unfinished task is in the set, or the thread that
 * stores the task's argument is about to put it in and to look <em>afterwards</em> whether the map has been stopped.
 */
final class CompletionTaker<V> extends ResultTaker<V> {
    private final BatchChain segments;
    private final CompletionQueue ended = new CompletionQueue();
    private final Set<Batch> unfinished = ConcurrentHashMap.newKeySet();
    private CompletionQueue.@Nullable Entry next;

    CompletionTaker(MapOptions<?, ?, V> options, BatchChain segments) {
        super(options);
        this.segments = segments;
    }

    @Override
    Slots.@Nullable Chunk head() {
        if (next == null) {
            next = ended.poll();
        }
        MapSegment segment = next == null ? null : next.segment;
        return segment == null ? null : segment.slots().filledChunk(index());
    }

    @Override
    int index() {
        return next == null ? 0 : next.index;
    }

    @Override
    Batch segment() {
        MapSegment known = next == null ? null : next.segment;
        if (known != null) {
            return known;
        }
        Batch oldest = null;
        for (Batch segment : unfinished) {
            if (oldest == null || segment.ordinal(0) < oldest.ordinal(0)) {
                oldest = segment;
            }
        }
        return oldest == null ? segments.open() : oldest;
    }

    @Override
    void advance() {
        next = null;
    }

    @Override
    Iterable<Batch> unfinished() {
        return unfinished;
    }

    @Override
    void placed(MapSegment segment) {
        if (segment.isUnknown()) {
            unfinished.add(segment);
            segment.setKnown();
            if (segment.hasCompleted()) { // meanwhile, and nobody removes it any more
                unfinished.remove(segment);
            }
            segment.endIfStopped();
        }
    }

    @Override
    void settled(MapSegment segment, int index) {
        ended.add(segment, index);
    }

    @Override
    void completed(MapSegment segment) {
        unfinished.remove(segment);
    }

    @Override
    void sweep() {
        while (head() != null) {
            discard(next);
            advance();
        }
    }

    private static void discard(CompletionQueue.@Nullable Entry entry) {
        if (entry != null && entry.segment != null) {
            entry.segment.discardResult(entry.index);
            SlotCleanup.report(entry.segment, entry.index);
        }
    }
}
