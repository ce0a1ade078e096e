package lox.sync;

import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.map.Pulling;
import org.jspecify.annotations.Nullable;

/** The engine's pulled map as a {@link Stream}: sequential, since the order of results is the point. */
final class MappedStream<A extends @Nullable Object, R extends @Nullable Object> implements Spliterator<R> {
    private static final int CHARACTERISTICS = ORDERED | NONNULL;

    private final Dispatcher<A, R> dispatcher;
    private final Supplier<? extends Spliterator<? extends A>> source;
    private final int ahead;
    private final boolean delayError;
    private volatile @Nullable Pulling<A, R> pulling; // from the first pull on
    private volatile boolean closed;

    private MappedStream(
            Dispatcher<A, R> dispatcher,
            Supplier<? extends Spliterator<? extends A>> source,
            int ahead,
            boolean delayError) {
        this.dispatcher = dispatcher;
        this.source = source;
        this.ahead = Dispatcher.checkAhead(ahead);
        this.delayError = delayError;
    }

    static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> of(
            Dispatcher<A, R> dispatcher, Stream<? extends A> source, int ahead, boolean delayError) {
        Dispatcher.checkAhead(ahead); // before the source is used up
        Spliterator<? extends A> elements =
                Objects.requireNonNull(source, "source").spliterator();
        return new MappedStream<>(dispatcher, () -> elements, ahead, delayError)
                .stream().onClose(source::close);
    }

    static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> of(
            Dispatcher<A, R> dispatcher, Iterable<? extends A> source, int ahead, boolean delayError) {
        return new MappedStream<>(dispatcher, Objects.requireNonNull(source, "source")::spliterator, ahead, delayError)
                .stream();
    }

    private Stream<R> stream() {
        return StreamSupport.stream(this, false).onClose(this::close);
    }

    private Pulling<A, R> pulling() {
        Pulling<A, R> known = pulling;
        if (known == null) {
            known = Pulling.of(dispatcher, source.get(), ahead, delayError);
            pulling = known;
            if (closed) {
                known.close();
            }
        }
        return known;
    }

    private void close() {
        closed = true;
        Pulling<A, R> known = pulling;
        if (known != null) {
            known.close();
        }
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        Objects.requireNonNull(action, "action");
        try {
            return pulling().advance(action);
        } catch (Throwable failure) {
            throw SyncDialect.thrown(failure);
        }
    }

    @Override
    public @Nullable Spliterator<R> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return pulling().estimateSize();
    }

    @Override
    public int characteristics() {
        return CHARACTERISTICS; // not SIZED: count() would be right without running a single task
    }
}
