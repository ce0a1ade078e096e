package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.event.BatchEnd;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchObservationsTest {
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final Workers workers = Workers.threads(2)
            .named("two")
            .listeners(BatchObservations.create(registry))
            .build();

    private final Queue<BatchObservationContext> stopped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void noteWhatHasStopped() {
        registry.observationConfig().observationHandler(new ObservationHandler<BatchObservationContext>() {
            @Override
            public void onStop(BatchObservationContext context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof BatchObservationContext;
            }
        });
    }

    private static int positive(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return number;
    }

    private static int never(int number) throws InterruptedException {
        new CountDownLatch(1).await();
        return number;
    }

    private TestObservationRegistryAssert observed() {
        return TestObservationRegistryAssert.assertThat(registry);
    }

    @Test
    void shouldObserveABatchFromItsBeginToItsEnd() {
        Scatter<Integer, Integer> positive = Lox.on(workers, BatchObservationsTest::positive);
        positive.scatter(1);
        positive.scatter(2);
        assertThat(positive.gather()).containsExactly(1, 2);

        observed()
                .hasNumberOfObservationsWithNameEqualTo("lox.batch", 1)
                .hasSingleObservationThat()
                .hasContextualNameEqualTo("batch BatchObservationsTest.positive")
                .hasBeenStopped()
                .doesNotHaveError()
                .hasLowCardinalityKeyValue("workers", "two")
                .hasLowCardinalityKeyValue("function", "BatchObservationsTest.positive")
                .hasLowCardinalityKeyValue("outcome", "completed")
                .hasHighCardinalityKeyValue("tasks", "2")
                .hasHighCardinalityKeyValueWithKey("batch");
    }

    @Test
    void shouldRecordTheFailureOfABatchThatFailed() {
        assertThatThrownBy(
                        () -> Lox.on(workers, BatchObservationsTest::positive).gather(List.of(1, -1)))
                .isInstanceOf(IllegalArgumentException.class);

        observed()
                .hasSingleObservationThat()
                .hasBeenStopped()
                .hasLowCardinalityKeyValue("outcome", "failed")
                .assertThatError()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative");
    }

    @Test
    void shouldRecordNoErrorOfABatchThatCollectsFailures() {
        Scatter<Integer, Integer> positive = Lox.on(workers, BatchObservationsTest::positive);
        positive.scatter(-1);
        assertThat(positive.gatherSettled()).hasSize(1);

        observed().hasSingleObservationThat().hasBeenStopped().doesNotHaveError();
    }

    @Test
    void shouldTellThatABatchWasCancelled() {
        try (Batch<Integer, Integer> batch =
                Lox.on(workers, BatchObservationsTest::never).batch()) {
            batch.scatter(1);
        }

        Patience.until("the observation has stopped", () -> !stopped.isEmpty());
        assertThat(stopped).extracting(BatchObservationContext::end).containsExactly(BatchEnd.CANCELLED);
        observed().hasSingleObservationThat().doesNotHaveError();
    }

    @Test
    void shouldBelongToTheObservationThatIsCurrentAtTheFirstScatter() {
        Scatter<Integer, Integer> positive = Lox.on(workers, BatchObservationsTest::positive);
        Observation request = Observation.start("request", registry);
        try (Observation.Scope scope = request.openScope()) {
            assertThat(scope.getCurrentObservation()).isSameAs(request);
            positive.scatter(1);
        }
        positive.gather();
        request.stop();

        observed()
                .hasObservationWithNameEqualTo("lox.batch")
                .that()
                .hasParentObservationContextMatching(parent -> "request".equals(parent.getName()));
    }

    @Test
    void shouldFollowAConventionOfTheUsers() {
        Workers named = Workers.threads(1)
                .listeners(BatchObservations.create(registry, new BatchObservationConvention() {
                    @Override
                    public String getName() {
                        return "pages";
                    }

                    @Override
                    public KeyValues getLowCardinalityKeyValues(BatchObservationContext context) {
                        return KeyValues.of("ended", String.valueOf(context.end()));
                    }
                }))
                .build();
        Lox.on(named, BatchObservationsTest::positive).gather(List.of(1));

        observed()
                .hasObservationWithNameEqualTo("pages")
                .that()
                .hasLowCardinalityKeyValue("ended", "COMPLETED")
                .doesNotHaveLowCardinalityKeyValueWithKey("outcome");
    }

    @Test
    void shouldHarmNoBatchIfAHandlerThrows() {
        ObservationRegistry throwing = ObservationRegistry.create();
        AtomicReference<Observation.Context> seen = new AtomicReference<>();
        throwing.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                seen.set(context);
                throw new IllegalStateException("is broken");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        Workers observed =
                Workers.threads(1).listeners(BatchObservations.create(throwing)).build();

        assertThat(Lox.on(observed, BatchObservationsTest::positive).gather(List.of(1, 2)))
                .containsExactly(1, 2);
        assertThat(seen.get()).isInstanceOf(BatchObservationContext.class);
    }

    @Test
    void shouldDoNothingForARegistryWithoutHandlers() {
        Workers observed = Workers.threads(1)
                .listeners(BatchObservations.create(ObservationRegistry.NOOP))
                .build();

        assertThat(Lox.on(observed, BatchObservationsTest::positive).gather(List.of(1)))
                .containsExactly(1);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNull() {
        assertThatThrownBy(() -> BatchObservations.create(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> BatchObservations.create(registry, null)).isInstanceOf(NullPointerException.class);
    }
}
