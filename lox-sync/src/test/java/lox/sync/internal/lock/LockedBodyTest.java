package lox.sync.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancel at each step of asking, forced to come exactly there. */
class LockedBodyTest {
    private final QLock lock = new QLock();
    private final Steps steps = new Steps(lock);
    private final LockedBody<Permit> locked = new LockedBody<>(steps);
    private final List<String> told = new ArrayList<>();
    private final LockedBody.Body<Permit> body = new LockedBody.Body<>() {
        @Override
        public void granted(Permit permit) {
            told.add("granted");
            steps.at("body");
        }

        @Override
        public void failed(Throwable refusal) {
            told.add("failed: " + refusal);
        }
    };

    @BeforeEach
    void cancelAtTheStepChosen() {
        steps.action = () -> {
            assertThat(locked.cancel()).isTrue();
            locked.withdraw();
        };
    }

    @ParameterizedTest
    @CsvSource({"before tryAcquire, false", "after tryAcquire, false", "body, true"})
    void shouldHoldNothingAfterACancelWhileTheLockIsFree(String step, boolean granted) {
        steps.step = step;
        locked.start(body);
        assertThat(told).isEqualTo(granted ? List.of("granted") : List.of());
        assertThat(lock.held()).isZero();
        assertThat(lock.waiting()).isZero();
        assertThat(locked.finish()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before tryAcquire",
                "after tryAcquire", // between the try and the place in the line
                "before request",
                "after request", // in the line, but the body has not been told so
                "before stage",
                "after stage"
            })
    void shouldLeaveTheLineAfterACancelWhileTheLockIsTaken(String step) {
        Permit held = lock.tryAcquire().orElseThrow();
        steps.step = step;
        locked.start(body);
        assertThat(lock.waiting()).isZero();
        held.close();
        assertThat(lock.held()).isZero();
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"after tryAcquire", "before request", "after request", "before stage"})
    void shouldGiveBackWhatIsGrantedAndCancelledAtOneStep(String step) {
        Permit held = lock.tryAcquire().orElseThrow();
        Runnable cancel = steps.action;
        steps.action = () -> {
            held.close();
            cancel.run();
        };
        steps.step = step;
        locked.start(body);
        assertThat(told).isEmpty();
        assertThat(lock.held()).isZero();
        assertThat(lock.waiting()).isZero();
    }

    @Test
    void shouldKeepThePermitWhileAThreadIsInside() {
        steps.step = "body";
        Runnable cancel = steps.action;
        steps.action = () -> {
            cancel.run();
            assertThat(lock.held()).isEqualTo(1);
            assertThat(locked.enter()).isFalse();
        };
        locked.start(body);
        assertThat(told).containsExactly("granted");
        assertThat(lock.held()).isZero();
    }

    @Test
    void shouldTellTheEndOnce() {
        locked.start(body);
        assertThat(locked.finish()).isTrue();
        assertThat(locked.finish()).isFalse();
        assertThat(locked.cancel()).isFalse();
        assertThat(lock.held()).isZero();
    }

    /** A lock that has something done at one of its steps. */
    private static final class Steps implements Acquirable<Permit> {
        private final Acquirable<Permit> lock;
        String step = "";
        Runnable action = () -> {};

        Steps(Acquirable<Permit> lock) {
            this.lock = lock;
        }

        void at(String reached) {
            if (reached.equals(step)) {
                step = "";
                action.run();
            }
        }

        @Override
        public Optional<Permit> tryAcquire() {
            at("before tryAcquire");
            Optional<Permit> permit = lock.tryAcquire();
            at("after tryAcquire");
            return permit;
        }

        @Override
        public PermitRequest<Permit> request() {
            at("before request");
            PermitRequest<Permit> request = lock.request();
            at("after request");
            return new PermitRequest<>() {
                @Override
                public Permit await() {
                    throw new AssertionError("nothing here may block");
                }

                @Override
                public CompletionStage<Permit> stage() {
                    at("before stage");
                    CompletionStage<Permit> stage = request.stage();
                    at("after stage");
                    return stage;
                }

                @Override
                public boolean cancel() {
                    return request.cancel();
                }

                @Override
                public void close() {
                    request.close();
                }
            };
        }

        @Override
        public Permit acquire() {
            throw new AssertionError("nothing here may block");
        }

        @Override
        public Permit acquire(Duration timeout) {
            throw new AssertionError("nothing here may block");
        }

        @Override
        public PermitRequest<Permit> request(Duration timeout) {
            throw new AssertionError("no timeout was given");
        }
    }
}
