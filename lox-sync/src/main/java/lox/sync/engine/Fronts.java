package lox.sync.engine;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the lanes of one Scatter look for work: at the front of its batches, and at the front of each map under way in which
 * there may be something to claim. They take turns.
 *
 * <pre>
 *          add (an element has been stored)
 *   OUT ------------------------------------&gt; IN
 *    ^                                        |
 *    +----------------------------------------+
 *       removeIdle (a lane found nothing and leaves), remove (the map is over)
 * </pre>
 *
 * <p><b>Invariant.</b> A passage in which something is unclaimed is in, or somebody is between two steps that will bring it in:
 * who stores an element looks <em>afterwards</em> whether its passage is in; who takes a passage out looks <em>afterwards</em>
 * whether something is unclaimed. There is a full fence between the two steps of each, so one of them sees the other.
 *
 * <p>So a map that waits for its source, or that somebody has forgotten, costs the lanes nothing and is not kept alive.
 */
final class Fronts {
    private static final Passage<?, ?>[] NONE = {};

    private final BatchChain batches;
    private volatile Passage<?, ?>[] passages = NONE;
    private int turn; // lanes overwrite each other's, which costs somebody a turn at most

    Fronts(BatchChain batches) {
        this.batches = batches;
    }

    /** The batch whose turn it is, of those in which there is something to claim; any if there is none. */
    Batch next() {
        Passage<?, ?>[] now = passages;
        if (now.length > 0) {
            int places = now.length + 1;
            int at = Math.floorMod(turn, places);
            for (int i = 0; i < places; i++) {
                at = at + 1 < places ? at + 1 : 0;
                Batch front =
                        at == now.length ? batches.front() : now[at].legs().front();
                if (front.hasUnclaimed()) {
                    turn = at;
                    return front;
                }
            }
        }
        return batches.front();
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        if (batches.hasUnclaimed()) {
            return true;
        }
        for (Passage<?, ?> passage : passages) {
            if (passage.legs().hasUnclaimed()) {
                return true;
            }
        }
        return false;
    }

    /** Those that are in. */
    List<Passage<?, ?>> passages() {
        return List.of(passages);
    }

    /** To be called whenever an element has been stored. */
    void add(Passage<?, ?> passage) {
        if (!passage.isIn()) {
            synchronized (this) { // seldom: only when lanes had found nothing there, or had not been there yet
                if (!passage.isIn()) {
                    passages = Stream.concat(Stream.of(passages), Stream.of(passage))
                            .toArray(Passage<?, ?>[]::new);
                    passage.setIn(true);
                }
            }
        }
    }

    /** Takes out those in which nothing is unclaimed. */
    void removeIdle() {
        for (Passage<?, ?> passage : passages) {
            if (!passage.legs().hasUnclaimed()) {
                remove(passage);
            }
        }
    }

    void remove(Passage<?, ?> passage) {
        if (passage.isIn()) {
            synchronized (this) {
                passages = Stream.of(passages).filter(other -> other != passage).toArray(Passage<?, ?>[]::new);
                passage.setIn(false);
            }
            VarHandle.fullFence();
            if (passage.legs().hasUnclaimed()) {
                add(passage);
            }
        }
    }
}
