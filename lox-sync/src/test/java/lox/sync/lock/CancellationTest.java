package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import lox.sync.internal.time.Timer;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are withdrawn: by cancel, by close, by an interrupt, by the clock. */
class CancellationTest {
    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldWithdrawAWaitingRequestOnce(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        assertThat(request.cancel()).isTrue();
        assertThat(request.cancel()).isFalse();
        request.close();
        assertThat(subject.waitingCount()).isZero();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(request::await);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> request.stage().toCompletableFuture().join())
                .withCauseInstanceOf(CancellationException.class);
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldTellAStageThatWasThereBeforeTheCancel(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        request.stage().whenComplete((permit, failure) -> heard.add(nameOf(failure)));
        Running<String> awaiting = Threads.start(() -> {
            try {
                return request.await().toString();
            } catch (CancellationException e) {
                return nameOf(e);
            }
        });
        Threads.untilParked(awaiting.thread());
        request.close();
        assertThat(heard).containsExactly("CancellationException");
        assertThat(awaiting.join()).isEqualTo("CancellationException");
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldNotWithdrawWhatWasGrantedButReleaseItOnClose(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        all.close();
        assertThat(request.cancel()).isFalse();
        assertThat(subject.heldCount()).isEqualTo(1);
        request.close();
        request.close();
        assertThat(subject.heldCount()).isZero();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldReturnThePermitOfARequestWhoseConsumerIsGone(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> abandoned = subject.lock().request();
        assertThat(abandoned.stage().toCompletableFuture().cancel(true)).isTrue();
        PermitRequest<? extends Permit> next = subject.lock().request();
        all.close();
        assertThat(subject.heldCount()).isEqualTo(1); // the stage was a copy: the request stands
        abandoned.close();
        assertThat(next.cancel()).isFalse();
        next.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#exclusive")
    void shouldKeepTheOrderOfTheOthers(Subject subject) {
        Permit all = subject.fill();
        List<Integer> served = new ArrayList<>();
        List<PermitRequest<? extends Permit>> requests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            int number = i;
            PermitRequest<? extends Permit> request = subject.lock().request();
            request.stage().thenAccept(permit -> {
                served.add(number);
                permit.close();
            });
            requests.add(request);
        }
        for (int withdrawn : List.of(4, 0, 8, 5)) {
            assertThat(requests.get(withdrawn).cancel()).isTrue();
        }
        all.close();
        assertThat(served).containsExactly(1, 2, 3, 6, 7);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldKeepNothingOfCancelledRequests(Subject subject) {
        Permit all = subject.fill();
        List<WeakReference<PermitRequest<?>>> gone = cancelMany(subject);
        assertThat(subject.waitingCount()).isZero();
        Threads.until(() -> {
            System.gc();
            return gone.stream().allMatch(reference -> reference.get() == null);
        });
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    // In a method of its own, so that no local variable keeps a request.
    private static List<WeakReference<PermitRequest<?>>> cancelMany(Subject subject) {
        List<PermitRequest<?>> requests = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            requests.add(
                    i % 1_000 == 0
                            ? subject.lock().request(Duration.ofDays(1))
                            : subject.lock().request());
        }
        Collections.shuffle(requests, new java.util.Random(7));
        requests.forEach(PermitRequest::cancel);
        List<WeakReference<PermitRequest<?>>> references = new ArrayList<>();
        requests.forEach(request -> references.add(new WeakReference<>(request)));
        return references;
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldHoldNothingAfterAnInterrupt(Subject subject) {
        Permit all = subject.fill();
        Running<Boolean> blocked = Threads.start(() -> {
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> subject.lock().acquire());
            return Thread.currentThread().isInterrupted();
        });
        Threads.until(() -> subject.waitingCount() == 1);
        blocked.thread().interrupt();
        assertThat(blocked.join()).isFalse();
        assertThat(subject.waitingCount()).isZero();
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldTellTheOthersWhenAnAwaitingThreadIsInterrupted(Subject subject) {
        Permit all = subject.fill();
        PermitRequest<? extends Permit> request = subject.lock().request();
        Running<Boolean> interrupted = Threads.start(() -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(request::await);
            return true;
        });
        Running<Boolean> other = Threads.start(() -> {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(request::await)
                    .withMessageContaining("interrupt");
            return true;
        });
        Threads.untilParked(interrupted.thread());
        Threads.untilParked(other.thread());
        interrupted.thread().interrupt();
        assertThat(interrupted.join()).isTrue();
        assertThat(other.join()).isTrue();
        all.close();
        assertThat(subject.isWholeAgain()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lox.sync.lock.Subject#all")
    void shouldForgetTheDeadlineOfAGrantedRequest(Subject subject) {
        Permit all = subject.fill();
        int before = Timer.waiting();
        List<PermitRequest<? extends Permit>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(subject.lock().request(Duration.ofDays(1)));
        }
        // A hundred more or none, but for the few deadlines of tests before, which may come or go meanwhile.
        assertThat(Timer.waiting()).isGreaterThanOrEqualTo(before + 50);
        all.close();
        requests.forEach(PermitRequest::close);
        Threads.until(() -> Timer.waiting() < before + 50);
        assertThat(subject.isWholeAgain()).isTrue();
    }

    private static String nameOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getClass().getSimpleName();
    }
}
