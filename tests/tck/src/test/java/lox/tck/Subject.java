package lox.tck;

import java.util.concurrent.Flow;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;

/**
 * A publisher of lox, as the kit asks for it.
 *
 * @param name as in reports
 * @param most how many elements it can emit
 * @param emitting makes one that emits so many elements
 * @param failing makes one that fails without an element
 */
record Subject(
        String name,
        long most,
        LongFunction<? extends Publisher<?>> emitting,
        Supplier<? extends Publisher<?>> failing) {
    private static final long WITHOUT_END = Long.MAX_VALUE - 1;

    /** One that emits as many as anybody asks for. */
    static Subject endless(
            String name, LongFunction<? extends Publisher<?>> emitting, Supplier<? extends Publisher<?>> failing) {
        return new Subject(name, WITHOUT_END, emitting, failing);
    }

    /** The same for a publisher of the JDK's kind. */
    static Subject ofFlow(
            String name,
            long most,
            LongFunction<? extends Flow.Publisher<?>> emitting,
            Supplier<? extends Flow.Publisher<?>> failing) {
        return new Subject(
                name,
                most,
                elements -> FlowAdapters.toPublisher(emitting.apply(elements)),
                () -> FlowAdapters.toPublisher(failing.get()));
    }

    @Override
    public String toString() {
        return name;
    }
}
