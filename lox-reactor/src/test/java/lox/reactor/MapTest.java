package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class MapTest {
    @Test
    void shouldMapInOrder() {
        Scatter<Integer, Integer> twice = Lox.thread(4, x -> 2 * x);
        List<Integer> result =
                Flux.range(0, 100_000).transform(twice::map).collectList().block();
        assertThat(result)
                .isEqualTo(IntStream.range(0, 100_000).map(i -> 2 * i).boxed().toList());
        for (int r = 0; r < 5; r++) {
            long start = System.nanoTime();
            twice.map(Flux.range(0, 1_000_000)).blockLast();
            System.out.println((System.nanoTime() - start) / 1_000_000 + " ns each");
        }
    }
}
