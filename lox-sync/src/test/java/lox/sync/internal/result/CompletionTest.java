package lox.sync.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import lox.sync.spi.Dialect;
import org.junit.jupiter.api.Test;

class CompletionTest {
    private final List<Throwable> dropped = new ArrayList<>();

    private final Dialect dialect = new Dialect() {
        @Override
        public void dropped(Throwable failure) {
            dropped.add(failure);
        }

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }
    };

    private static class Log implements Completion.Observer<String> {
        final List<String> signals = new ArrayList<>();

        @Override
        public void succeeded(String value) {
            signals.add(value);
        }

        @Override
        public void failed(Throwable failure) {
            signals.add(failure.getClass().getSimpleName());
        }
    }

    private final class Abandonable extends Completion<String> {
        int abandoned;

        Abandonable() {
            super(dialect);
        }

        @Override
        public boolean isAbandonable() {
            return true;
        }

        @Override
        public void abandoned(Completion.Observer<?> last) {
            abandoned++;
        }
    }

    @Test
    void shouldDeliverOnceToThoseBeforeAndAfter() {
        Completion<String> completion = new Completion<>(dialect);
        Log early = new Log();
        Log late = new Log();

        completion.observe(early);
        assertThat(completion.isEnded()).isFalse();
        assertThat(completion.succeed("value")).isTrue();
        assertThat(completion.succeed("again")).isFalse();
        assertThat(completion.fail(new IllegalStateException())).isFalse();
        completion.observe(late);

        assertThat(completion.isEnded()).isTrue();
        assertThat(early.signals).containsExactly("value");
        assertThat(late.signals).containsExactly("value");
    }

    @Test
    void shouldNotDeliverToWhoHasLeft() {
        Completion<String> completion = new Completion<>(dialect);
        Log leaves = new Log();
        Log stays = new Log();
        completion.observe(leaves);
        completion.observe(stays);

        completion.leave(leaves);
        completion.leave(leaves);
        assertThat(completion.succeed("value")).isTrue();
        completion.leave(stays);

        assertThat(leaves.signals).isEmpty();
        assertThat(stays.signals).containsExactly("value");
    }

    @Test
    void shouldBeAbandonedOnceWhenTheLastOneLeaves() {
        Abandonable completion = new Abandonable();
        Log one = new Log();
        Log other = new Log();
        Log stranger = new Log();
        completion.observe(one);
        completion.observe(other);

        completion.leave(one);
        completion.leave(stranger);
        assertThat(completion.abandoned).isZero();
        completion.leave(other);
        completion.leave(other);

        assertThat(completion.abandoned).isEqualTo(1);
        completion.observe(stranger);
        assertThat(stranger.signals).containsExactly(CancellationException.class.getSimpleName());
        assertThat(completion.succeed("too late")).isFalse();
    }

    @Test
    void shouldDropWhatAnObserverThrowsAndServeTheOthers() {
        Completion<String> completion = new Completion<>(dialect);
        IllegalStateException bad = new IllegalStateException("bad observer");
        Log good = new Log();
        completion.observe(new Log() {
            @Override
            public void succeeded(String value) {
                throw bad;
            }
        });
        completion.observe(good);

        assertThat(completion.succeed("value")).isTrue();

        assertThat(dropped).containsExactly(bad);
        assertThat(good.signals).containsExactly("value");
    }

    @Test
    void shouldLetAnObserverComeAndLeaveFromWithinACall() {
        Abandonable completion = new Abandonable();
        Log late = new Log();
        completion.observe(new Log() {
            @Override
            public void succeeded(String value) {
                completion.observe(late);
                completion.leave(this);
            }
        });

        assertThat(completion.succeed("value")).isTrue();

        assertThat(late.signals).containsExactly("value");
        assertThat(completion.abandoned).isZero();
    }
}
