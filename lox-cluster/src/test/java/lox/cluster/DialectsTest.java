package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The same workers serve each dialect. */
class DialectsTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 200).boxed().toList();
    private static final List<Integer> SQUARES =
            NUMBERS.stream().map(i -> i * i).toList();

    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static Workers workers;

    @BeforeAll
    static void start() {
        members = LocalMembers.start(2, 1);
        cluster = members.join();
        workers = Workers.processes(2).on(cluster).build();
    }

    @AfterAll
    static void end() {
        workers.close();
        cluster.close();
        members.close();
    }

    @Test
    void shouldGatherInReactor() {
        lox.reactor.Scatter<Integer, Integer> square = lox.reactor.Lox.on(workers, i -> i * i);
        NUMBERS.forEach(square::scatter);
        assertThat(square.gather().block(Patience.LIMIT)).isEqualTo(SQUARES);
        assertThat(Flux.fromIterable(NUMBERS)
                        .transform(square::map)
                        .collectList()
                        .block(Patience.LIMIT))
                .isEqualTo(SQUARES);
    }

    @Test
    void shouldRunOperatorsOfReactorThere() {
        lox.reactor.ProcessScheduler jvms = lox.reactor.ProcessScheduler.on(workers);
        Integer sum = Flux.fromIterable(NUMBERS)
                .parallel(2)
                .runOn(jvms)
                .map(jvms.remote((Integer i) -> i * i))
                .reduce(Integer::sum)
                .block(Patience.LIMIT);
        assertThat(sum).isEqualTo(SQUARES.stream().mapToInt(i -> i).sum());
        jvms.dispose();
    }

    @Test
    void shouldGatherInRxJava() {
        lox.rxjava.Scatter<Integer, Integer> square = lox.rxjava.Lox.on(workers, i -> i * i);
        NUMBERS.forEach(square::scatter);
        assertThat(square.gather().blockingGet()).isEqualTo(SQUARES);
        assertThat(io.reactivex.rxjava3.core.Flowable.fromIterable(NUMBERS)
                        .compose(square::map)
                        .toList()
                        .blockingGet())
                .isEqualTo(SQUARES);
    }
}
