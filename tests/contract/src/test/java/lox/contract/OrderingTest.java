package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class OrderingTest extends ContractTest {
    @OnConcurrentWorkers
    void shouldGatherInScatterOrderWhenTasksFinishInTheOppositeOrder(Setup setup) {
        int tasks = 8;
        List<CountDownLatch> finished =
                Stream.generate(() -> new CountDownLatch(1)).limit(tasks + 1).toList();
        finished.get(tasks).countDown();
        Face<Integer, String> function = function(setup, tasks, i -> {
            Eventually.open(finished.get(i + 1));
            finished.get(i).countDown();
            return "result " + i;
        });

        scatterAll(function, 0, tasks);

        assertThat(function.gather().await())
                .isEqualTo(
                        IntStream.range(0, tasks).mapToObj(i -> "result " + i).toList());
    }

    @OnAllWorkers
    void shouldGatherManyShortTasksInScatterOrder(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> i * 2);

        scatterAll(function, 0, 20_000);

        assertThat(function.gather().await())
                .isEqualTo(IntStream.range(0, 20_000).mapToObj(i -> i * 2).toList());
    }

    @OnAllWorkers
    void shouldGatherInScatterOrderWhenALongTaskComesNowAndThen(Setup setup) {
        Face<Integer, Integer> function = function(setup, 4, i -> {
            if (i % 500 == 499) {
                LockSupport.parkNanos(2_000_000);
            }
            return i;
        });

        scatterAll(function, 0, 5_000);

        assertThat(function.gather().await()).isEqualTo(numbers(0, 5_000));
    }

    @OnAllWorkers
    void shouldReturnTheIndexInTheListToCome(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        for (int batch = 0; batch < 3; batch++) {
            for (int i = 0; i < 100; i++) {
                assertThat(function.scatter(i)).isEqualTo(i);
            }
            assertThat(function.gather().await()).isEqualTo(numbers(0, 100));
        }
    }

    @OnAllWorkers
    void shouldKeepSubmittedTasksOutOfTheBatch(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);

        function.scatter(0);
        Result<Integer> one = function.submit(1);
        function.scatter(2);

        assertThat(one.await()).isEqualTo(1);
        assertThat(function.gather().await()).containsExactly(0, 2);
    }
}
