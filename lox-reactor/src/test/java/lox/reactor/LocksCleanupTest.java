package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lox.sync.lock.QLock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What runs under the lock at the body's end, and what runs when the permit is back. */
class LocksCleanupTest {
    private final QLock lock = new QLock();
    private final List<Integer> heldSeen = new ArrayList<>();

    private void look() {
        heldSeen.add(lock.held());
    }

    @Test
    void shouldRunDoFinallyWhenThePermitIsBack() {
        Locks.usingMono(lock, permit -> Mono.just(1).doFinally(signal -> look()))
                .block();
        assertThat(heldSeen).containsExactly(0);
    }

    @Test
    void shouldCleanUpUnderTheLockWithWhatRunsBeforeTheEnd() {
        Locks.usingMono(lock, permit -> Mono.just(1).doOnTerminate(this::look)).block();
        Locks.usingMono(lock, permit -> Mono.using(() -> 1, Mono::just, resource -> look()))
                .block();
        Locks.usingMono(
                        lock,
                        permit -> Mono.usingWhen(Mono.just(1), Mono::just, resource -> Mono.fromRunnable(this::look)))
                .block();
        assertThat(heldSeen).containsExactly(1, 1, 1);
    }

    @Test
    void shouldCleanUpUnderTheLockAfterACancel() {
        Locks.usingMono(lock, permit -> Mono.never().doOnCancel(this::look))
                .subscribe()
                .dispose();
        Locks.usingMono(lock, permit -> Mono.using(() -> 1, resource -> Mono.never(), resource -> look()))
                .subscribe()
                .dispose();
        assertThat(heldSeen).containsExactly(1, 1);
        assertThat(lock.held()).isZero();
    }
}
