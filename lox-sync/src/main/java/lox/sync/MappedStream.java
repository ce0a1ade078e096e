package lox.sync;

import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.map.Pulling;
import lox.sync.internal.result.StackProbe;
import org.jspecify.annotations.Nullable;

/** The engine's pulled map as a {@link Stream}: sequential, since the workers run side by side already. */
final class MappedStream<A extends @Nullable Object, R extends @Nullable Object, V> implements Spliterator<V> {
    private final Dispatcher<A, R> dispatcher;
    private final Supplier<? extends Spliterator<? extends A>> source;
    private final MapOptions<A, R, V> options;
    private volatile @Nullable Pulling<A, V> pulling; // from the first pull on
    private volatile boolean closed;

    private MappedStream(
            Dispatcher<A, R> dispatcher,
            Supplier<? extends Spliterator<? extends A>> source,
            MapOptions<A, R, V> options) {
        this.dispatcher = dispatcher;
        this.source = source;
        this.options = options;
    }

    static <A extends @Nullable Object, R extends @Nullable Object, V> Stream<V> of(
            Dispatcher<A, R> dispatcher, Stream<? extends A> source, MapOptions<A, R, V> options) {
        Spliterator<? extends A> elements =
                Objects.requireNonNull(source, "source").spliterator();
        return new MappedStream<>(dispatcher, () -> elements, options).stream().onClose(source::close);
    }

    static <A extends @Nullable Object, R extends @Nullable Object, V> Stream<V> of(
            Dispatcher<A, R> dispatcher, Iterable<? extends A> source, MapOptions<A, R, V> options) {
        return new MappedStream<>(dispatcher, Objects.requireNonNull(source, "source")::spliterator, options).stream();
    }

    private Stream<V> stream() {
        return StreamSupport.stream(this, false).onClose(this::close);
    }

    private Pulling<A, V> pulling() {
        Pulling<A, V> known = pulling;
        if (known == null) {
            StackProbe.check(); // an element that got half-way in would be waited for
            known = Pulling.of(dispatcher, source.get(), options);
            pulling = known;
            if (closed) {
                known.close();
            }
        }
        return known;
    }

    private void close() {
        closed = true;
        Pulling<A, V> known = pulling;
        if (known != null) {
            known.close();
        }
    }

    @Override
    public boolean tryAdvance(Consumer<? super V> action) {
        Objects.requireNonNull(action, "action");
        try {
            return pulling().advance(action);
        } catch (Throwable failure) {
            throw SyncDialect.gathered(failure);
        }
    }

    @Override
    public @Nullable Spliterator<V> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return pulling().estimateSize();
    }

    @Override
    public int characteristics() {
        return options.isOrdered()
                ? ORDERED | NONNULL
                : NONNULL; // not SIZED: count() would be right without running a single task
    }
}
