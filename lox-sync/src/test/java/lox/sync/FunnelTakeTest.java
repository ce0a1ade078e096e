package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The blocking face. */
class FunnelTakeTest {
    private final Funnel<Integer> funnel =
            Funnel.<Integer>builder().named("test").build();
    private final Funnel.Input<Integer, String> a = funnel.input("a");
    private final Funnel.Input<Integer, String> b = funnel.input("b");

    private void join(int job) {
        a.put(job, "a");
        b.put(job, "b");
    }

    @Test
    void shouldWaitForAJob() throws Exception {
        Elsewhere<Joined<Integer>> taking =
                Elsewhere.<Joined<Integer>>call(funnel::take).waiting();
        join(1);
        assertThat(taking.result.get(Patience.SECONDS, TimeUnit.SECONDS).jobId())
                .isEqualTo(1);
    }

    @Test
    void shouldGiveEachJobToOneTaker() throws Exception {
        int count = 4_000;
        List<Elsewhere<List<Integer>>> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            takers.add(Elsewhere.call(() -> {
                List<Integer> taken = new ArrayList<>();
                for (Joined<Integer> job : funnel) {
                    taken.add(job.jobId());
                }
                return taken;
            }));
        }
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            join(i);
            expected.add(i);
        }
        funnel.complete();
        List<Integer> all = new ArrayList<>();
        for (Elsewhere<List<Integer>> taker : takers) {
            List<Integer> taken = taker.result.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(taken).isSorted();
            all.addAll(taken);
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void shouldComeBackEmptyWhenTheTimeIsOver() throws InterruptedException {
        assertThat(funnel.poll(Duration.ZERO)).isEmpty();
        assertThat(funnel.poll(Duration.ofSeconds(-1))).isEmpty();
        assertThat(funnel.poll(Duration.ofMillis(5))).isEmpty();
        join(1);
        assertThat(funnel.poll(Duration.ofSeconds(Long.MAX_VALUE)))
                .map(Joined::jobId)
                .contains(1);
        join(2);
        assertThat(funnel.poll(Duration.ofSeconds(Long.MIN_VALUE)))
                .map(Joined::jobId)
                .contains(2);
    }

    @Test
    void shouldWaitAtMostSoLongForAJob() throws Exception {
        Elsewhere<Joined<Integer>> polling =
                Elsewhere.call(() -> funnel.poll(Duration.ofSeconds(60)).orElseThrow());
        join(1);
        assertThat(polling.result.get(Patience.SECONDS, TimeUnit.SECONDS).jobId())
                .isEqualTo(1);
    }

    @Test
    void shouldTellTakersOfTheEnd() throws Exception {
        Elsewhere<Joined<Integer>> taking =
                Elsewhere.<Joined<Integer>>call(funnel::take).waiting();
        Elsewhere<Boolean> iterating =
                Elsewhere.call(() -> funnel.iterator().hasNext()).waiting();
        a.complete();
        b.complete();
        assertThatThrownBy(() -> taking.result.get(Patience.SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("test has completed, and nothing is left to take");
        assertThat(iterating.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isFalse();
        assertThatThrownBy(funnel::take).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> funnel.poll(Duration.ofSeconds(1))).isInstanceOf(NoSuchElementException.class);
        Iterator<Joined<Integer>> iterator = funnel.iterator();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldDeliverWhatIsJoinedBeforeTheEnd() throws InterruptedException {
        join(1);
        join(2);
        funnel.complete();
        assertThat(funnel.take().jobId()).isEqualTo(1);
        assertThat(funnel.poll(Duration.ofSeconds(1))).map(Joined::jobId).contains(2);
        assertThatThrownBy(funnel::take).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldThrowTheFailureAfterWhatIsJoined() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("planned");
        join(1);
        funnel.fail(failure);
        assertThat(funnel.take().jobId()).isEqualTo(1);
        assertThatThrownBy(funnel::take)
                .isInstanceOf(PublisherFailedException.class)
                .hasMessageContaining(funnel.name() + " has failed: ")
                .cause()
                .isSameAs(failure);
        assertThatThrownBy(() -> funnel.poll(Duration.ZERO))
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isSameAs(failure);
        Iterator<Joined<Integer>> iterator = funnel.iterator();
        assertThatThrownBy(iterator::hasNext)
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isSameAs(failure);
    }

    @Test
    void shouldThrowACheckedFailureAsACause() {
        IOException failure = new IOException("planned");
        funnel.fail(failure);
        assertThatThrownBy(funnel::take)
                .isInstanceOf(PublisherFailedException.class)
                .cause()
                .isSameAs(failure);
    }

    @Test
    void shouldThrowAFailureThatCannotBeToldInWords() {
        @SuppressWarnings("OverrideThrowableToString") // it is toString() that misbehaves
        Exception wordless = new Exception() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                throw new AssertionError("no words");
            }
        };
        funnel.fail(wordless);
        try {
            funnel.take();
            throw new AssertionError("nothing was thrown");
        } catch (PublisherFailedException thrown) {
            assertThat(thrown.getCause() == wordless).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldTakeNothingWhenInterrupted() throws Exception {
        Elsewhere<Joined<Integer>> taking =
                Elsewhere.<Joined<Integer>>call(funnel::take).waiting();
        taking.thread.interrupt();
        assertThatThrownBy(() -> taking.result.get(Patience.SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        join(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(funnel::take).isInstanceOf(InterruptedException.class);
        assertThat(funnel.take().jobId()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheFlagWhenAnIterationIsInterrupted() throws Exception {
        Elsewhere<Boolean> iterating = Elsewhere.call(() -> {
                    assertThatThrownBy(() -> funnel.iterator().hasNext())
                            .isInstanceOf(CancellationException.class)
                            .hasCauseInstanceOf(InterruptedException.class);
                    return Thread.interrupted();
                })
                .waiting();
        iterating.thread.interrupt();
        assertThat(iterating.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldLetAForkJoinPoolGoOnWhileItsWorkerWaits() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            var taking = pool.submit(funnel::take);
            var putting = pool.submit(() -> join(1));
            putting.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(taking.get(Patience.SECONDS, TimeUnit.SECONDS).jobId()).isEqualTo(1);
        } finally {
            pool.shutdownNow();
        }
    }
}
