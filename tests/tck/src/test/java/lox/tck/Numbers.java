package lox.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Sources for operators under test. */
final class Numbers {
    private Numbers() {}

    /** The kit asks for {@link Long#MAX_VALUE} elements where it wants a publisher without an end. */
    static Publisher<Integer> upTo(long elements) {
        return elements > Integer.MAX_VALUE ? Flux.range(0, Integer.MAX_VALUE).repeat() : Flux.range(0, (int) elements);
    }
}
