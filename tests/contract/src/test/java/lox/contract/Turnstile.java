package lox.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks arrive here and wait until it is opened, so that a test knows what runs and what does not. */
final class Turnstile {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    /** Waits until open. An interrupt is counted, then thrown. */
    void pass() throws InterruptedException {
        arrived.incrementAndGet();
        try {
            Eventually.open(opened);
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        }
    }

    /** Waits until open, whatever interrupts. */
    void passStubbornly() {
        arrived.incrementAndGet();
        while (true) {
            try {
                Eventually.open(opened);
                return;
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        }
    }

    void open() {
        opened.countDown();
    }

    int arrived() {
        return arrived.get();
    }

    int interrupted() {
        return interrupted.get();
    }

    void awaitArrivals(int count) {
        Eventually.until(count + " tasks have arrived", () -> arrived.get() >= count);
    }

    void awaitInterrupts(int count) {
        Eventually.until(count + " tasks have been interrupted", () -> interrupted.get() >= count);
    }
}
