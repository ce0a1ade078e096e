package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.lock.Threads.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
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

    @Tag("race")
    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldBeGivenBackOnceByTwoThreadsThatCloseTogether(Subject subject) {
        AtomicReference<@Nullable Permit> offered = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        Running<Boolean> other = Threads.start(
                () -> { // spins, since who is woken comes far too late
                    while (!over.get()) {
                        Permit permit = offered.get();
                        if (permit != null) {
                            permit.close();
                            offered.set(null);
                        }
                    }
                    return true;
                });
        Random random = new Random(5);
        for (long start = System.nanoTime(); System.nanoTime() - start < 300_000_000; ) {
            Permit permit = subject.lock().tryAcquire().orElseThrow();
            offered.set(permit);
            for (int spin = random.nextInt(60); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            permit.close();
            while (offered.get() != null) {
                Thread.onSpinWait();
            }
            assertThat(subject.heldCount()).isZero();
        }
        over.set(true);
        other.join();
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
