package lox.examples.recipes;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Lox;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;

/** Shown in docs/recipes/shared-counter.md. */
public class SharedCounter {
    private static final QLock lock = new QLock();
    private static int locked;
    private static final AtomicInteger atomic = new AtomicInteger();

    static boolean withALock(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            Permit permit = lock.acquire();
            try {
                locked++;
            } finally {
                permit.close();
            }
        }
        return true;
    }

    static boolean atomically(int times) {
        for (int i = 0; i < times; i++) {
            atomic.incrementAndGet();
        }
        return true;
    }

    static int alone(int times) {
        int count = 0;
        for (int i = 0; i < times; i++) {
            count++;
        }
        return count;
    }

    public static void main(String[] args) {
        List<Integer> fiveTimes = Collections.nCopies(5, 100_000);
        Lox.thread(5, SharedCounter::withALock).gather(fiveTimes);
        Lox.thread(5, SharedCounter::atomically).gather(fiveTimes);
        List<Integer> counts = Lox.thread(5, SharedCounter::alone).gather(fiveTimes);
        int sum = counts.stream().mapToInt(Integer::intValue).sum();
        System.out.println("count should be 500000, got " + locked + ", " + atomic + " and " + sum);
    }
}
