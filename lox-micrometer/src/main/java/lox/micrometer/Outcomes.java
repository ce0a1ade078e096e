package lox.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A meter for each way in which something can end, told apart by the tag {@code outcome}. Immutable.
 *
 * @param <E> the ways
 * @param <M> the type of meter
 */
final class Outcomes<E extends Enum<E>, M> {
    private final Map<E, M> meters;

    /**
     * Makes them.
     *
     * @param tags what they have in common
     * @param factory makes one with these tags
     */
    Outcomes(Class<E> ends, Tags tags, Function<Tags, M> factory) {
        meters = new EnumMap<>(ends);
        for (E end : ends.getEnumConstants()) {
            meters.put(end, factory.apply(tags.and("outcome", text(end))));
        }
    }

    M of(E end) {
        return Objects.requireNonNull(meters.get(end));
    }

    Collection<M> all() {
        return meters.values();
    }

    /** As it stands in the tag. */
    static String text(Enum<?> end) {
        return end.name().toLowerCase(Locale.ROOT);
    }
}
