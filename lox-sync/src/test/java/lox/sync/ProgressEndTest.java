package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressEndTest {
    private final CountDownLatch isShown = new CountDownLatch(1);
    private final CountDownLatch isWaiting = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch isFree = new CountDownLatch(1);
    private final AtomicReference<Thread> failing = new AtomicReference<>();
    private final AtomicReference<Thread> telling = new AtomicReference<>();

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Another thread might not be done when the gather throws: what it shows at the end would come too late. */
    @Test
    void shouldBeToldByTheThreadThatFailsNotByOneThatIsInterrupted() {
        List<Scatter<Integer, Integer>> other = new CopyOnWriteArrayList<>();
        TaskListener listener = new TaskListener() {
            @Override
            public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
                if (end == TaskEnd.DROPPED) { // by the failing thread, after it has interrupted the other one
                    other.get(0).scatter(0);
                    Patience.until("the interrupted thread has gone on", () -> isFree.getCount() == 0);
                }
            }
        };
        try (Workers workers = Workers.threads(2).listeners(listener).build()) {
            other.add(Lox.on(workers, i -> {
                isFree.countDown();
                return i;
            }));
            Scatter<Integer, Integer> function = Lox.on(workers, task -> {
                if (task == 0) {
                    isWaiting.countDown();
                    never.await();
                }
                await(isWaiting);
                await(isShown);
                failing.set(Thread.currentThread());
                throw new IllegalStateException("no");
            });
            for (int task = 0; task < 3; task++) {
                function.scatter(task);
            }
            assertThatThrownBy(() -> function.gather(new Progress() {
                        @Override
                        public void update(long done, long failed, long total) {
                            isShown.countDown();
                        }

                        @Override
                        public void ended() {
                            telling.set(Thread.currentThread());
                        }
                    }))
                    .hasMessage("no");
            assertThat(isFree.getCount()).isZero();
            assertThat(telling.get()).isIn(failing.get(), Thread.currentThread());
            other.get(0).gather();
        }
    }
}
