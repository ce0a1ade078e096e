package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A permit is given back once, by whoever has it. */
class PermitTest {
    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldIgnoreASecondClose(Subject subject) throws InterruptedException {
        Permit first = subject.lock().acquire();
        first.close();
        Permit second = subject.lock().acquire();
        first.close();
        assertThat(subject.heldCount()).isEqualTo(1);
        assertThat(subject.lock().tryAcquire()).isEmpty();
        second.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldBeClosedByAnyThread(Subject subject) throws InterruptedException {
        Permit permit = subject.lock().acquire();
        Threads.start(() -> {
                    permit.close();
                    return true;
                })
                .join();
        assertThat(subject.heldCount()).isZero();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldBeGivenBackOnceByTwoThreadsThatCloseTogether(Subject subject) throws Exception {
        int rounds = 2_000;
        Permit[] permit = new Permit[1];
        CyclicBarrier together = new CyclicBarrier(2, () -> {
            assertThat(subject.heldCount()).isZero();
            permit[0] = subject.lock().tryAcquire().orElseThrow();
        });
        List<Running<Boolean>> closing = Threads.startAll(2, () -> {
            for (int i = 0; i < rounds; i++) {
                together.await();
                permit[0].close();
                together.await();
                permit[0].close();
            }
            return true;
        });
        closing.forEach(Running::join);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldBeGivenBackByTryWithResourcesAndKeepTheBodysException(Subject subject) {
        IllegalStateException thrown = new IllegalStateException("the body's own");
        Throwable caught = null;
        try (Permit permit = subject.lock().tryAcquire().orElseThrow()) {
            assertThat(permit.toString()).isNotBlank();
            throw thrown;
        } catch (IllegalStateException e) {
            caught = e;
        }
        assertThat(caught).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(subject.isWholeAgain()).isTrue();
    }
}
