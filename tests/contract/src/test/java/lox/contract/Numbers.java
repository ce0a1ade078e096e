package lox.contract;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The numbers from 0 on; counts how many have been taken. */
final class Numbers implements Iterable<Integer> {
    final AtomicInteger taken = new AtomicInteger();
    private final int size;
    private final @Nullable RuntimeException failure;

    Numbers(int size) {
        this(size, null);
    }

    Numbers(int size, @Nullable RuntimeException failure) {
        this.size = size;
        this.failure = failure;
    }

    @Override
    public Iterator<Integer> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size || failure != null;
            }

            @Override
            public Integer next() {
                if (next == size && failure != null) {
                    throw failure;
                }
                taken.incrementAndGet();
                return next++;
            }
        };
    }
}
