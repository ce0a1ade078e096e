package lox.sync.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import lox.sync.internal.pool.LanePool;
import org.junit.jupiter.api.Test;

/** Jobs run when the test takes them out of their queue. */
class ScheduledServicesTest {
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();

    private void runAll() {
        for (Runnable job = queue.poll(); job != null; job = queue.poll()) {
            job.run();
        }
    }

    /** A job that is cancelled gives its place to another one, which may be another scheduler's. */
    @Test
    void shouldRunNothingInThePlaceOfWhatAnotherSchedulerCancelsWhenThePoolIsClosed() {
        LanePool pool = new LanePool("pool", 1, Integer.MAX_VALUE, queue::add, () -> {});
        List<ScheduledServices> schedulers = new ArrayList<>();
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ScheduledServices scheduler = ScheduledServices.over(pool, queue::add);
            schedulers.add(scheduler);
            waiting.add(scheduler.observable().submit(() -> "ran", new JobObserver<String>() {
                @Override
                public void succeeded(String result) {
                    ran.add(result);
                }

                @Override
                public void failed(Throwable failure) {
                    ran.add("failed");
                }

                @Override
                public void cancelled(Throwable reason) {
                    runAll(); // as the place would that is free now
                }
            }));
        }

        pool.close();

        assertThat(ran).isEmpty();
        assertThat(waiting).allSatisfy(job -> assertThat(job).isCancelled());
        runAll();
        assertThat(schedulers)
                .allSatisfy(scheduler -> assertThat(scheduler.isTerminated()).isTrue());
    }
}
