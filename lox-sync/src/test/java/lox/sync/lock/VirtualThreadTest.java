package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Waiting unmounts a virtual thread: more of them may wait than there are threads to carry them. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTest {
    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldLetThousandsOfVirtualThreadsWait(Subject subject) throws Exception {
        int count = 2_000;
        AtomicInteger entered = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count);
        Permit all = subject.fill();
        for (int i = 0; i < count; i++) {
            startVirtual(() -> {
                try (Permit permit = subject.lock().acquire()) {
                    if (permit != null) {
                        entered.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    done.countDown();
                }
            });
        }
        Threads.until(() -> subject.waitingCount() == count);
        all.close();
        assertThat(done.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(entered).hasValue(count);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    // By reflection: this is compiled for JDK 17.
    private static void startVirtual(Runnable body) throws ReflectiveOperationException {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    }
}
