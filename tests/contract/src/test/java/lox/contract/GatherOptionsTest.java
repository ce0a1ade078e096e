package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import lox.sync.GatherOptions;
import lox.sync.GatherTimeoutException;
import lox.sync.Outcome;
import lox.sync.Progress;
import org.junit.jupiter.api.Test;

/** Progress and a time limit for every gather there is, one by one and together. */
class GatherOptionsTest extends ContractTest {
    /** A gather, and what it does with failures and at its deadline. */
    private enum Way {
        GATHER,
        GATHER_OF_A_LIST,
        DELAY_ERROR,
        SETTLED,
        IN_ORDER,
        AS_COMPLETED,
        SETTLED_AS_COMPLETED;

        boolean countsFailures() {
            return this == DELAY_ERROR || this == SETTLED || this == SETTLED_AS_COMPLETED;
        }

        /** Scatters so many, and waits for what the gather gives. */
        List<?> run(Setup setup, Face<Integer, Integer> function, int count, GatherOptions options) {
            if (this != GATHER_OF_A_LIST) {
                scatterAll(function, 0, count);
            }
            List<Integer> arguments = numbers(0, count);
            if (setup.library() == Library.SYNC) {
                lox.sync.Scatter<Integer, Integer> own = own(function);
                return switch (this) {
                    case GATHER -> own.gather(options);
                    case GATHER_OF_A_LIST -> own.gather(arguments, options);
                    case DELAY_ERROR -> own.gatherDelayError(options);
                    case SETTLED -> own.gatherSettled(options);
                    case IN_ORDER -> own.gatherStream(options).toList();
                    case AS_COMPLETED -> own.gatherAsCompleted(options).toList();
                    case SETTLED_AS_COMPLETED ->
                        own.gatherSettledAsCompleted(options).toList();
                };
            }
            if (setup.library() == Library.REACTOR) {
                lox.reactor.Scatter<Integer, Integer> own = own(function);
                return Objects.requireNonNull(
                        switch (this) {
                            case GATHER -> own.gather(options).block();
                            case GATHER_OF_A_LIST ->
                                own.gather(arguments, options).block();
                            case DELAY_ERROR -> own.gatherDelayError(options).block();
                            case SETTLED -> own.gatherSettled(options).block();
                            case IN_ORDER ->
                                own.gatherFlux(options).collectList().block();
                            case AS_COMPLETED ->
                                own.gatherAsCompleted(options).collectList().block();
                            case SETTLED_AS_COMPLETED ->
                                own.gatherSettledAsCompleted(options)
                                        .collectList()
                                        .block();
                        });
            }
            lox.rxjava.Scatter<Integer, Integer> own = own(function);
            return switch (this) {
                case GATHER -> own.gather(options).blockingGet();
                case GATHER_OF_A_LIST -> own.gather(arguments, options).blockingGet();
                case DELAY_ERROR -> own.gatherDelayError(options).blockingGet();
                case SETTLED -> own.gatherSettled(options).blockingGet();
                case IN_ORDER -> own.gatherFlowable(options).toList().blockingGet();
                case AS_COMPLETED -> own.gatherAsCompleted(options).toList().blockingGet();
                case SETTLED_AS_COMPLETED ->
                    own.gatherSettledAsCompleted(options).toList().blockingGet();
            };
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <S> S own(Face<Integer, Integer> function) {
            return (S) function.own();
        }
    }

    private record Update(long done, long failed, long total) {}

    /** What a gather tells. */
    private static final class Told implements Progress {
        private final List<Update> updates = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void update(long done, long failed, long total) {
            updates.add(new Update(done, failed, total));
        }

        List<Update> updates() {
            synchronized (updates) {
                return List.copyOf(updates);
            }
        }

        Update last() {
            List<Update> all = updates();
            return all.get(all.size() - 1);
        }
    }

    @OnAllWorkers
    void shouldTellHowFarEachGatherIs(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        for (Way way : Way.values()) {
            Told told = new Told();

            assertThat(way.run(setup, function, 50, GatherOptions.create().progress(told)))
                    .as("%s", way)
                    .hasSize(50);

            assertThat(told.last()).as("%s", way).isEqualTo(new Update(50, 0, 50));
            assertThat(told.updates()).as("%s", way).extracting(Update::done).isSorted();
        }
    }

    @OnAllWorkers
    void shouldTellFailuresWhereTheyDoNotEndTheGather(Setup setup) {
        Face<Integer, Integer> function = function(setup, 2, i -> {
            if (i % 10 == 0) {
                throw new IllegalStateException("failure " + i);
            }
            return i;
        });
        for (Way way : Way.values()) {
            if (way.countsFailures()) {
                Told told = new Told();
                try {
                    assertThat(way.run(
                                    setup, function, 50, GatherOptions.create().progress(told)))
                            .hasSize(50);
                } catch (RuntimeException failures) {
                    assertThat(way).isEqualTo(Way.DELAY_ERROR);
                }
                assertThat(told.last()).as("%s", way).isEqualTo(new Update(50, 5, 50));
            }
        }
    }

    @OnConcurrentWorkers
    void shouldEndEachGatherInItsTime(Setup setup) {
        for (Way way : Way.values()) {
            Turnstile turnstile = new Turnstile();
            Face<Integer, Integer> function = function(setup, 1, i -> {
                if (i > 0) {
                    turnstile.pass();
                }
                return i;
            });
            Told told = new Told();
            GatherOptions options = GatherOptions.create().timeout(SOON).progress(told);

            if (way == Way.SETTLED) {
                List<?> outcomes = way.run(setup, function, 3, options);
                assertThat(outcomes).hasSize(3);
                assertThat(((Outcome.Failure<?>) outcomes.get(2)).error()).isInstanceOf(CancellationException.class);
            } else {
                assertThatThrownBy(() -> way.run(setup, function, 3, options))
                        .as("%s", way)
                        .isInstanceOfSatisfying(
                                GatherTimeoutException.class,
                                late -> assertThat(late.limit()).isEqualTo(SOON));
            }
            assertThat(told.updates()).as("%s", way).allSatisfy(update -> {
                assertThat(update.total()).isEqualTo(3);
                assertThat(update.done()).isLessThan(3);
            });
            turnstile.open();
            assertThat(Way.GATHER.run(setup, function, 1, GatherOptions.create()))
                    .isEqualTo(List.of(0));
        }
    }

    @OnAllWorkers
    void shouldServeManyGathers(Setup setup) {
        Told told = new Told();
        GatherOptions options = GatherOptions.create().progress(told).timeout(Duration.ofHours(1));
        Face<Integer, Integer> function = function(setup, 2, i -> i);
        for (Way way : Way.values()) {
            assertThat(way.run(setup, function, 10, options)).as("%s", way).hasSize(10);
            assertThat(told.last()).as("%s", way).isEqualTo(new Update(10, 0, 10));
        }
        assertThat(told.updates().stream().filter(update -> update.done() == 10))
                .hasSize(Way.values().length);
    }

    @InEachLibrary
    @SuppressWarnings("NullAway") // what the annotations forbid
    void shouldRefuseNull(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> i);
        for (Way way : Way.values()) {
            assertThatNullPointerException()
                    .as("%s", way)
                    .isThrownBy(() -> way.run(setup, function, 1, null))
                    .withMessage("options");
        }
        function.discard();
        assertThat(function.gather().await()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what the annotations forbid
    void shouldBeImmutable() {
        Progress progress = (done, failed, total) -> {};
        GatherOptions none = GatherOptions.create();
        GatherOptions both = none.progress(progress).timeout(Duration.ofSeconds(2));

        assertThat(both).hasToString("GatherOptions[progress, timeout PT2S]");
        assertThat(none).hasToString("GatherOptions[no progress, no timeout]");
        assertThatNullPointerException().isThrownBy(() -> none.progress(null)).withMessage("progress");
        assertThatNullPointerException().isThrownBy(() -> none.timeout(null)).withMessage("timeout");
    }
}
