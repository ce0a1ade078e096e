package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is free, in which order, against a queue of the JDK's: a random walk whose seed is the number of resources. */
class IndicesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldHandOutWhatHasBeenFreeLongest(int resources) {
        QueuedIndices indices = new QueuedIndices(resources);
        Deque<Integer> free = new ArrayDeque<>();
        List<Integer> held = new ArrayList<>();
        for (int index = 0; index < resources; index++) {
            assertThat(indices.take()).isEqualTo(index);
            held.add(index);
        }
        Random random = new Random(resources);
        for (int step = 0; step < 10_000; step++) {
            int what = random.nextInt(5);
            if (what < 2 && !held.isEmpty()) {
                int index = held.remove(random.nextInt(held.size()));
                indices.put(index);
                free.addLast(index);
            } else if (!free.isEmpty()) { // the semaphore counts, and asks for no more than there are
                int index = indices.take();
                assertThat(index).isEqualTo(free.removeFirst());
                if (what == 4) {
                    indices.putBack(index);
                    free.addFirst(index);
                } else {
                    held.add(index);
                }
            }
        }
    }
}
