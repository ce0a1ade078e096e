package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is free, in which order, against a queue of the JDK's: a random walk whose seed is the number of resources. */
class IndicesTest {
    static Stream<Indices> all() {
        return Stream.concat(
                Stream.iterate(1, resources -> resources + 1).limit(12).map(Indices::of),
                Stream.of(new QueuedIndices(1), new QueuedIndices(8), new PackedIndices(8)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldHandOutWhatHasBeenFreeLongest(Indices indices) {
        Gate gate = new Gate(indices.allFree());
        Deque<Integer> free = new ArrayDeque<>();
        List<Integer> held = new ArrayList<>();
        for (int index = take(gate, indices); index >= 0; index = take(gate, indices)) {
            assertThat(index).isEqualTo(held.size());
            held.add(index);
        }
        int resources = held.size();
        Random random = new Random(resources);
        for (int step = 0; step < 10_000; step++) {
            int what = random.nextInt(5);
            if (what < 2 && !held.isEmpty()) {
                int index = held.remove(random.nextInt(held.size()));
                indices.giveBack(gate, index);
                free.addLast(index);
            } else {
                int index = take(gate, indices);
                Integer expected = free.pollFirst();
                assertThat(index).isEqualTo(expected == null ? -1 : expected);
                if (expected != null && what == 4) {
                    indices.putBack(gate, index);
                    free.addFirst(index);
                } else if (expected != null) {
                    held.add(index);
                }
            }
            assertThat(indices.held(Gate.inside(gate.state()))).isEqualTo(held.size());
            assertThat(Gate.waiting(gate.state())).isZero();
        }
    }

    /** -1 if none is free. */
    private static int take(Gate gate, Indices indices) {
        long seen = gate.state();
        int inside = Gate.inside(seen);
        int then = indices.withOneMore(inside);
        if (then == Gate.CLOSED) {
            return -1;
        }
        assertThat(gate.changeInside(seen, then)).isTrue();
        return indices.take(inside);
    }
}
