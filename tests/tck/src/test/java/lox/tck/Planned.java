package lox.tck;

import java.util.concurrent.CountDownLatch;

/** The failure of a publisher that has to fail. */
final class Planned {
    private Planned() {}

    static IllegalStateException failure() {
        return new IllegalStateException("planned");
    }

    /** A task that fails. */
    @SuppressWarnings("DoNotCallSuggester") // which is for methods that nobody calls on purpose
    static Integer task(Integer ignored) {
        throw failure();
    }

    /** A task that ends when it is interrupted. */
    static Integer wait(Integer result) throws InterruptedException {
        new CountDownLatch(1).await();
        return result;
    }
}
