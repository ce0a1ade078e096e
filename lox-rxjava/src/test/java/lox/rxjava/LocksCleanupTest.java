package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.util.ArrayList;
import java.util.List;
import lox.sync.lock.QLock;
import org.junit.jupiter.api.Test;

/** What runs under the lock at the body's end, and what runs when the permit is back. */
class LocksCleanupTest {
    private final QLock lock = new QLock();
    private final List<Integer> heldSeen = new ArrayList<>();

    private void look() {
        heldSeen.add(lock.held());
    }

    @Test
    void shouldRunDoFinallyWhenThePermitIsBack() {
        assertThat(Locks.usingSingle(lock, permit -> Single.just(1).doFinally(this::look))
                        .blockingGet())
                .isEqualTo(1);
        assertThat(heldSeen).containsExactly(0);
    }

    @Test
    void shouldCleanUpUnderTheLockWithWhatRunsBeforeTheEnd() {
        assertThat(Locks.usingSingle(lock, permit -> Single.just(1).doOnTerminate(this::look))
                        .blockingGet())
                .isEqualTo(1);
        assertThat(Locks.usingSingle(lock, permit -> Single.using(() -> 1, Single::just, resource -> look()))
                        .blockingGet())
                .isEqualTo(1);
        assertThat(heldSeen).containsExactly(1, 1);
    }

    @Test
    void shouldCleanUpUnderTheLockAfterADispose() {
        Locks.usingSingle(lock, permit -> Single.never().doOnDispose(this::look))
                .subscribe()
                .dispose();
        Locks.usingSingle(lock, permit -> Single.using(() -> 1, resource -> Single.never(), resource -> look()))
                .subscribe()
                .dispose();
        assertThat(heldSeen).containsExactly(1, 1);
        assertThat(lock.held()).isZero();
    }
}
