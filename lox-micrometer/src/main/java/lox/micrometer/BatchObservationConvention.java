package lox.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import lox.sync.event.BatchEnd;

/**
 * How observations of batches are named and what they tell. The methods of this interface are the default: an
 * observation {@code lox.batch}, with {@code workers}, {@code function} and {@code outcome} as keys of few values, and
 * {@code batch}, its number, and {@code tasks} as keys of many. Override some of them to change that, and give the
 * convention to {@link BatchObservations#create(io.micrometer.observation.ObservationRegistry,
 * BatchObservationConvention)}, or register it with the registry as a {@code GlobalObservationConvention}.
 */
public interface BatchObservationConvention extends ObservationConvention<BatchObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof BatchObservationContext;
    }

    @Override
    default String getName() {
        return "lox.batch";
    }

    @Override
    default String getContextualName(BatchObservationContext context) {
        return "batch " + context.function();
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(BatchObservationContext context) {
        BatchEnd end = context.end();
        return KeyValues.of(
                KeyValue.of("workers", context.workers()),
                KeyValue.of("function", context.function()),
                KeyValue.of("outcome", end == null ? KeyValue.NONE_VALUE : Outcomes.text(end)));
    }

    @Override
    default KeyValues getHighCardinalityKeyValues(BatchObservationContext context) {
        return KeyValues.of(
                KeyValue.of("batch", Long.toString(context.batchId())),
                KeyValue.of(
                        "tasks",
                        context.tasks().isPresent()
                                ? Long.toString(context.tasks().getAsLong())
                                : KeyValue.NONE_VALUE));
    }
}
