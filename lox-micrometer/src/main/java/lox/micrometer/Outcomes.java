package lox.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A meter for each way in which something can end, told apart by the tag {@code outcome}. Immutable.
 *
 * @param <E> the ways
 * @param <M> the type of meter
 */
final class Outcomes<E extends Enum<E>, M> {
    private final List<M> meters;

    /**
     * Makes them.
     *
     * @param tags what they have in common
     * @param factory makes one with these tags
     */
    Outcomes(Class<E> ends, Tags tags, Function<Tags, M> factory) {
        meters = Stream.of(ends.getEnumConstants())
                .map(end -> factory.apply(tags.and("outcome", text(end))))
                .toList();
    }

    M of(E end) {
        return meters.get(end.ordinal());
    }

    List<M> all() {
        return meters;
    }

    /** As it stands in the tag. */
    static String text(Enum<?> end) {
        return end.name().toLowerCase(Locale.ROOT);
    }
}
