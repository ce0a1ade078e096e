package lox.benchmarks.locks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;

/** So many requests queued and released: time and bytes for each of them, which must not grow with their number. */
public final class Waiters {
    private Waiters() {}

    /**
     * Prints a line for 1,000, 10,000, 100,000 and 1,000,000 waiters.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        for (int round = 0; round < 3; round++) {
            for (int count : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
                measure(count);
            }
        }
    }

    private static void measure(int count) {
        QLock lock = new QLock();
        List<PermitRequest<Permit>> requests = new ArrayList<>(count);
        Permit held = lock.tryAcquire().orElseThrow();
        long before = usedHeap();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            requests.add(lock.request());
        }
        long queued = System.nanoTime() - start;
        long bytes = usedHeap() - before;
        requests.forEach(request -> request.stage().thenAccept(Permit::close));
        start = System.nanoTime();
        held.close();
        long released = System.nanoTime() - start;
        if (lock.held() != 0 || lock.waiting() != 0) {
            throw new IllegalStateException("not all were let in: " + lock);
        }
        System.out.printf(
                Locale.ROOT,
                "%,9d waiters: queued in %,d ns each, released in %,d ns each, %d bytes each%n",
                count,
                queued / count,
                released / count,
                bytes / count);
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
