package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who holds a lock and who waits for it. */
class ReportTest {
    private static final Duration A_WHILE = Duration.ofMillis(3);

    @BeforeEach
    void track() {
        System.setProperty("lox.lock.trackPermits", "true");
    }

    @AfterEach
    void forget() {
        System.clearProperty("lox.lock.trackPermits");
    }

    static Stream<Subject> locks() {
        System.setProperty("lox.lock.trackPermits", "true"); // it is read when a lock is made
        try {
            return Subject.all().toList().stream();
        } finally {
            System.clearProperty("lox.lock.trackPermits");
        }
    }

    @ParameterizedTest
    @MethodSource("locks")
    void shouldNameTheHolderUntilItIsGone(Subject subject) throws InterruptedException {
        assertThat(subject.report().holders()).isEmpty();
        Permit permit = subject.lock().acquire();
        Threads.until(() -> subject.report().holders().get(0).time().compareTo(A_WHILE) > 0);
        LockReport report = subject.report();
        assertThat(report.tracked()).isTrue();
        assertThat(report.holders()).singleElement().satisfies(holder -> {
            assertThat(holder.thread()).contains(Thread.currentThread());
            assertThat(holder.where())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("shouldNameTheHolderUntilItIsGone");
            assertThat(holder.toString())
                    .startsWith("by thread \"" + Thread.currentThread().getName() + "\" #")
                    .contains(" ms, through " + holder.door() + ", asked at ")
                    .contains("ReportTest.shouldNameTheHolderUntilItIsGone");
        });
        assertThat(report.toString()).contains("\n  held by thread ");
        permit.close();
        assertThat(subject.report().holders()).isEmpty();
        assertThat(report.holders()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("locks")
    void shouldNameTheThreadThatWaitsUntilItIsIn(Subject subject) {
        Permit all = subject.fill();
        Threads.Running<Permit> waiting = Threads.start(() -> subject.lock().acquire());
        Threads.until(() -> subject.report().waiters().size() == 1);
        Threads.until(() -> subject.report().waiters().get(0).time().compareTo(A_WHILE) > 0);
        LockReport report = subject.report();
        assertThat(report.waiters().get(0).thread()).contains(waiting.thread());
        assertThat(report.holders())
                .extracting(LockReport.Entry::thread)
                .doesNotContain(report.waiters().get(0).thread());
        assertThat(report.toString()).contains("\n  awaited by thread \"test\" #");
        all.close();
        Permit permit = waiting.join();
        assertThat(subject.report().waiters()).isEmpty();
        assertThat(subject.report().holders())
                .singleElement()
                .satisfies(holder -> assertThat(holder.thread()).contains(waiting.thread()));
        permit.close();
        assertThat(subject.report().holders()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("locks")
    void shouldForgetRequestsThatAreWithdrawnOrTimeOut(Subject subject) throws InterruptedException {
        Permit all = subject.fill();
        int before = subject.report().holders().size();
        PermitRequest<? extends Permit> request = subject.lock().request();
        PermitRequest<? extends Permit> timed = subject.lock().request(A_WHILE);
        PermitRequest<? extends Permit> granted = subject.lock().request();
        Threads.until(() -> subject.report().waiters().size() == 2);
        assertThat(timed.stage().toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .isNotInstanceOf(TimeoutException.class); // which AssertJ takes for a failure, too
        assertThat(request.cancel()).isTrue();
        assertThat(subject.lock().tryAcquire()).isEmpty();
        Threads.until(() -> subject.report().waiters().size() == 1);
        assertThat(subject.report().holders()).hasSize(before);
        all.close();
        Permit permit = granted.await(); // the thread that ended the timed request may be the one that grants this one
        assertThat(subject.report().waiters()).isEmpty();
        assertThat(subject.report().holders())
                .singleElement()
                .satisfies(holder -> assertThat(holder.thread()).contains(Thread.currentThread()));
        permit.close();
        assertThat(subject.report().holders()).isEmpty();
    }

    @Test
    void shouldTellTheSidesOfAReadWriteLock() {
        RWLock lock = new RWLock();
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        PermitRequest<Permit> reader = lock.read().request();
        PermitRequest<WritePermit> writer = lock.write().request();
        assertThat(lock.report().holders()).extracting(LockReport.Entry::door).containsExactly("RWLock.write()");
        assertThat(lock.report().waiters())
                .extracting(LockReport.Entry::door)
                .containsExactly("RWLock.read()", "RWLock.write()");
        Permit reading = writing.downgrade();
        assertThat(lock.report().holders())
                .extracting(LockReport.Entry::door)
                .containsExactly("RWLock.read()", "RWLock.read()");
        reading.close();
        reader.close();
        assertThat(lock.report().holders()).extracting(LockReport.Entry::door).containsExactly("RWLock.write()");
        writer.close();
        assertThat(lock.report().holders()).isEmpty();
    }

    @Test
    void shouldNameTheThreadThatAwaitsARequest() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        PermitRequest<Permit> request = lock.request();
        Threads.Running<Permit> waiting = Threads.start(request::await);
        Threads.until(() -> lock.report().waiters().get(0).thread().equals(Optional.of(waiting.thread())));
        held.close();
        waiting.join().close();
    }

    @Test
    void shouldKnowThoseWhoWaitWithoutTracking() {
        System.clearProperty("lox.lock.trackPermits");
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        Threads.Running<Permit> thread = Threads.start(lock::acquire);
        Threads.until(() -> lock.report().waiters().size() == 1);
        PermitRequest<Permit> request = lock.request();
        Threads.until(() -> lock.report().waiters().size() == 2); // the other thread may have to queue this one, too
        LockReport report = lock.report();
        assertThat(report.tracked()).isFalse();
        assertThat(report.holders()).isEmpty();
        assertThat(report.waiters())
                .extracting(waiter -> waiter.thread().orElse(null))
                .containsExactly(thread.thread(), null);
        assertThat(report.waiters())
                .allSatisfy(waiter -> assertThat(waiter.where()).isEmpty());
        assertThat(report.toString().lines()).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo(report.lock()).startsWith("QLock[1 inside, 2 waiting");
            assertThat(lines.get(1)).isEqualTo("  holders are known with -Dlox.lock.trackPermits=true");
            assertThat(lines.get(2)).matches("  awaited by thread \"test\" #\\d+ for \\d+ ms, through QLock");
            assertThat(lines.get(3))
                    .matches("  awaited by a request of which no thread is known for \\d+ ms, through QLock");
        });
        held.close();
        thread.join().close();
        request.close();
    }

    @Test
    void shouldShowTwentyWaitersInItsText() {
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        List<PermitRequest<Permit>> requests = requests(lock, 25);
        assertThat(lock.report().waiters()).hasSize(25);
        assertThat(lock.report().toString().lines())
                .hasSize(1 + 1 + 20 + 1)
                .last()
                .isEqualTo("  awaited by 5 more");
        requests.forEach(PermitRequest::close);
        held.close();
    }

    /** Ten thousand come and go anywhere in the line; those who stay are in each report, in their order. */
    @ParameterizedTest
    @MethodSource("tracking")
    void shouldMissNobodyWhoStaysWhileOthersComeAndGo(String tracking) {
        System.setProperty("lox.lock.trackPermits", tracking);
        QLock lock = new QLock();
        Permit held = lock.tryAcquire().orElseThrow();
        List<Threads.Running<Permit>> staying = new ArrayList<>();
        List<PermitRequest<Permit>> between = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            between.addAll(requests(lock, 20));
            staying.add(Threads.start(lock::acquire));
            Threads.until(() -> among(staying, lock.report()).size() == staying.size());
        }
        AtomicBoolean done = new AtomicBoolean();
        Threads.Running<Integer> churn = Threads.start(() -> {
            int gone = 0;
            try {
                while (gone < 10_000) {
                    between.addAll(requests(lock, 50));
                    while (between.size() > 50) {
                        PermitRequest<Permit> any =
                                between.remove(ThreadLocalRandom.current().nextInt(between.size()));
                        assertThat(any.cancel()).isTrue();
                        gone++;
                    }
                }
            } finally {
                done.set(true);
            }
            return gone;
        });
        List<Thread> expected = staying.stream().map(Threads.Running::thread).toList();
        do {
            assertThat(among(staying, lock.report())).isEqualTo(expected);
        } while (!done.get());
        assertThat(churn.join()).isGreaterThanOrEqualTo(10_000);
        between.forEach(PermitRequest::close);
        held.close();
        staying.forEach(each -> each.join().close());
        assertThat(lock.report().waiters()).isEmpty();
        assertThat(lock.report().holders()).isEmpty();
    }

    static Stream<String> tracking() {
        return Stream.of("true", "false");
    }

    private static List<Thread> among(List<Threads.Running<Permit>> threads, LockReport report) {
        Set<Thread> wanted = threads.stream().map(Threads.Running::thread).collect(Collectors.toSet());
        return report.waiters().stream()
                .flatMap(waiter -> waiter.thread().stream())
                .filter(wanted::contains)
                .toList();
    }

    private static List<PermitRequest<Permit>> requests(QLock lock, int count) {
        return Stream.generate(lock::request).limit(count).toList();
    }

    @Test
    void shouldBeginAgainWhereARequestHasLeftTheLine() {
        ObservedSync sync = new ObservedSync();
        AcquirePath<Permit> door = new ClosedPath(sync);
        PermitRequest<Permit> leaving = door.request();
        PermitRequest<Permit> staying = door.request();
        sync.afterTheFirstLook = leaving::close;
        assertThat(QueueInspector.report("gate", sync).waiters()).hasSize(1);
        staying.close();
        assertThat(QueueInspector.report("gate", sync).waiters()).isEmpty();
    }

    /** Its first in line leaves while somebody looks at it. */
    private static final class ObservedSync extends FairSync {
        private @Nullable Runnable afterTheFirstLook;

        ObservedSync() {
            super(0);
        }

        @Override
        @Nullable
        QueuedRequest firstQueued() {
            QueuedRequest first = super.firstQueued();
            Runnable action = afterTheFirstLook;
            afterTheFirstLook = null;
            if (action != null) {
                action.run();
            }
            return first;
        }
    }

    private static final class ClosedPath extends AcquirePath<Permit> {
        ClosedPath(FairSync sync) {
            super(sync, 1);
        }

        @Override
        int withOneMore(int inside, Permit permit) {
            return FairSync.CLOSED;
        }

        @Override
        Permit newPermit(@Nullable Throwable acquiredHere) {
            return new PlainPermit(this, acquiredHere);
        }

        @Override
        String name() {
            return "door";
        }
    }

    /** One after the other is let in at the head: a report never names one twice, nor more holders than can be. */
    @Test
    void shouldTellAtMostOneHolderWhileThreadsPassThrough() {
        QLock lock = new QLock();
        List<Threads.Running<Integer>> passing = Threads.startAll(4, () -> {
            for (int i = 0; i < 2_500; i++) {
                lock.acquire().close();
            }
            return 0;
        });
        do {
            LockReport report = lock.report();
            assertThat(report.waiters()).extracting(LockReport.Entry::thread).doesNotHaveDuplicates();
        } while (passing.stream().anyMatch(each -> !each.result().isDone()));
        passing.forEach(Threads.Running::join);
        assertThat(lock.report().waiters()).isEmpty();
        assertThat(lock.report().holders()).isEmpty();
    }
}
