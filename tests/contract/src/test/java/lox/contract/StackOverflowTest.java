package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Progress;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Each operation at the end of the stack: it does what it says, or throws and has not happened. What comes after works. */
class StackOverflowTest extends ContractTest {
    private static final long STACK = 160 << 10;

    private interface Operation {
        @Nullable
        Object run(Face<Integer, Integer> function);
    }

    private static Map<String, Operation> operations(Library library) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("scatter", function -> function.scatter(1));
        operations.put("submit", function -> function.submit(1));
        operations.put("pending", Face::pending);
        Progress nobody = (done, failed, total) -> {};
        if (library == Library.SYNC) {
            operations.put("gather", function -> sync(function).gather());
            operations.put("gather(Progress)", function -> sync(function).gather(nobody));
            operations.put("gatherDelayError", function -> sync(function).gatherDelayError());
            operations.put("gatherSettled", function -> sync(function).gatherSettled());
            operations.put(
                    "gatherStream", function -> sync(function).gatherStream().toList());
            operations.put(
                    "gatherStream, closed", function -> closed(sync(function).gatherStream()));
            operations.put(
                    "gatherAsCompleted",
                    function -> sync(function).gatherAsCompleted().toList());
            operations.put(
                    "map", function -> sync(function).map(List.of(1, 2, 3)).toList());
        } else if (library == Library.REACTOR) {
            operations.put("gather", function -> reactor(function).gather());
            operations.put(
                    "gather, cancelled",
                    function -> cancelled(reactor(function).gather().subscribe(value -> {}, overflowed -> {})));
            operations.put(
                    "gather, taken", function -> reactor(function).gather().subscribe(value -> {}, overflowed -> {}));
            operations.put("gather(Progress)", function -> reactor(function).gather(nobody));
            operations.put("gatherDelayError", function -> reactor(function).gatherDelayError());
            operations.put("gatherSettled", function -> reactor(function).gatherSettled());
            operations.put(
                    "gatherFlux", function -> reactor(function).gatherFlux().subscribe(value -> {}, overflowed -> {}));
            operations.put(
                    "gatherAsCompleted",
                    function -> reactor(function).gatherAsCompleted().subscribe(value -> {}, overflowed -> {}));
            operations.put(
                    "gatherAsCompleted, cancelled",
                    function ->
                            cancelled(reactor(function).gatherAsCompleted().subscribe(value -> {}, overflowed -> {})));
            operations.put(
                    "map",
                    function -> reactor(function).map(Flux.just(1, 2, 3)).subscribe(value -> {}, overflowed -> {}));
        } else {
            operations.put("gather", function -> rxjava(function).gather());
            operations.put(
                    "gather, cancelled",
                    function -> cancelled(rxjava(function).gather().subscribe(value -> {}, overflowed -> {})));
            operations.put("gather(Progress)", function -> rxjava(function).gather(nobody));
            operations.put("gatherDelayError", function -> rxjava(function).gatherDelayError());
            operations.put("gatherSettled", function -> rxjava(function).gatherSettled());
            operations.put(
                    "gatherFlowable",
                    function -> rxjava(function).gatherFlowable().subscribe(value -> {}, overflowed -> {}));
            operations.put(
                    "gatherAsCompleted",
                    function -> rxjava(function).gatherAsCompleted().subscribe(value -> {}, overflowed -> {}));
            operations.put(
                    "map",
                    function -> rxjava(function).map(Flowable.just(1, 2, 3)).subscribe(value -> {}, overflowed -> {}));
        }
        return operations;
    }

    @SuppressWarnings("unchecked")
    private static lox.sync.Scatter<Integer, Integer> sync(Face<Integer, Integer> function) {
        return (lox.sync.Scatter<Integer, Integer>) function.own();
    }

    @SuppressWarnings("unchecked")
    private static lox.reactor.Scatter<Integer, Integer> reactor(Face<Integer, Integer> function) {
        return (lox.reactor.Scatter<Integer, Integer>) function.own();
    }

    @SuppressWarnings("unchecked")
    private static lox.rxjava.Scatter<Integer, Integer> rxjava(Face<Integer, Integer> function) {
        return (lox.rxjava.Scatter<Integer, Integer>) function.own();
    }

    private static Object closed(Stream<?> stream) {
        stream.close();
        return stream;
    }

    private static Object cancelled(reactor.core.Disposable subscription) {
        subscription.dispose();
        return subscription;
    }

    private static Object cancelled(io.reactivex.rxjava3.disposables.Disposable subscription) {
        subscription.dispose();
        return subscription;
    }

    /** Goes down to the end of the stack, and calls the operation on the way back, so many levels above it. */
    private static final class Dive {
        private final Supplier<@Nullable Object> operation;
        private final int offset;
        private @Nullable Throwable thrown;

        Dive(Supplier<@Nullable Object> operation, int offset) {
            this.operation = operation;
            this.offset = offset;
        }

        static Dive to(int offset, Supplier<@Nullable Object> operation) {
            Dive dive = new Dive(operation, offset);
            if (dive.down() < offset) { // the whole stack is not as deep
                dive.call();
            }
            return dive;
        }

        /** Whether the operation has thrown for want of stack. A class that is loaded, or linked, there may wrap it. */
        boolean overflowed(String what) {
            if (thrown == null
                    || thrown instanceof StackOverflowError
                    || thrown.getCause() instanceof StackOverflowError) {
                return thrown != null;
            }
            throw new AssertionError("another failure of " + what, thrown);
        }

        private int down() {
            int height;
            try {
                height = offset < 0 ? 0 : down() + 1;
            } catch (StackOverflowError end) {
                height = 0;
            }
            if (height == offset) {
                call();
            }
            return height;
        }

        @SuppressWarnings("ReturnValueIgnored") // an operation is called for what it does
        private void call() {
            try {
                operation.get();
            } catch (Throwable failure) {
                thrown = failure;
            }
        }
    }

    private static <V> V inThread(long stack, String what, Supplier<V> body) {
        CompletableFuture<V> future = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        future.complete(body.get());
                    } catch (Throwable failure) {
                        future.completeExceptionally(failure);
                    }
                },
                what,
                stack);
        thread.setDaemon(true);
        thread.start();
        try {
            return future.get(Eventually.SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(
                    what + " failed, or does not end: " + e + " at " + List.of(thread.getStackTrace()), e);
        }
    }

    /** From the very end to where there is room for everything, by small steps where the difference matters. */
    private static IntStream offsets() {
        return IntStream.concat(
                IntStream.iterate(0, offset -> offset < 120, offset -> offset + 6),
                IntStream.iterate(120, offset -> offset < 3_000, offset -> offset + offset / 2));
    }

    @InEachLibrary
    void shouldHaveHappenedOrNot(Setup setup) {
        Site site = open(setup, 2);
        Map<String, Operation> operations = operations(setup.library());
        for (Operation operation :
                operations.values()) { // classes are loaded, and lambdas linked, before the stack is short
            Face<Integer, Integer> function = site.function(i -> i);
            scatterAll(function, 0, 2);
            operation.run(function);
            gather(setup, function);
        }
        for (Map.Entry<String, Operation> operation : operations.entrySet()) {
            Face<Integer, Integer> function = site.function(i -> i);
            int overflows = 0;
            for (int offset : offsets().toArray()) {
                String what = operation.getKey() + ", " + offset + " frames above the end";
                scatterAll(function, 0, 2);
                Dive dive = inThread(
                        STACK,
                        what,
                        () -> Dive.to(offset, () -> operation.getValue().run(function)));
                overflows += dive.overflowed(what) ? 1 : 0;
                gather(setup, function, "the gather after " + what);
                function.scatter(7);
                assertThat(gather(setup, function, "the second gather after " + what))
                        .as(what)
                        .isEqualTo(List.of(7));
            }
            assertThat(overflows)
                    .as("how often %s has overflowed", operation.getKey())
                    .isPositive();
        }
    }

    /** What was scattered by a call that has returned is there, and what was by one that has thrown is not. */
    @InEachLibrary
    void shouldCountAScatterThatHasReturnedAndNoOther(Setup setup) {
        Site site = open(setup, 2);
        Face<Integer, Integer> function = site.function(i -> i);
        function.scatter(1);
        gather(setup, function);
        for (int offset : offsets().toArray()) {
            String what = "scatter, " + offset + " frames above the end";
            Dive dive = inThread(STACK, what, () -> Dive.to(offset, () -> function.scatter(1)));
            List<Integer> expected = dive.overflowed(what) ? List.of() : List.of(1);
            assertThat(gather(setup, function, what)).as(what).isEqualTo(expected);
        }
    }

    /** The same while a lane is on its way, so that a scatter has nothing to do but to store. */
    @InEachLibrary
    void shouldStoreOrNot(Setup setup) {
        for (int offset : IntStream.range(0, 160).map(i -> i % 80).toArray()) {
            String what = "scatter, " + offset + " frames above the end";
            Queue<Runnable> lanes = new ConcurrentLinkedQueue<>();
            AtomicBoolean done = new AtomicBoolean();
            Thread runner = new Thread(() -> {
                while (!done.get()) {
                    Runnable lane = lanes.poll();
                    if (lane != null) {
                        lane.run();
                    }
                }
            });
            try (Workers workers = Workers.executor(lanes::add, 2).build()) {
                Face<Integer, Integer> function = setup.library().on(workers, i -> i);
                scatterAll(function, 0, 1 + offset % 60); // near the end of a chunk of slots, too
                Eventually.until("a lane is on its way", () -> !lanes.isEmpty());
                Dive dive = inThread(STACK, what, () -> Dive.to(offset, () -> function.scatter(1)));
                int expected = 1 + offset % 60 + (dive.overflowed(what) ? 0 : 1);
                runner.start();
                List<?> gathered = gather(setup, function, what + ", which has thrown " + dive.thrown + ": the gather");
                if (gathered.size() != expected) {
                    throw new AssertionError(what + ": " + gathered.size() + " instead of " + expected, dive.thrown);
                }
            } finally {
                done.set(true);
            }
        }
    }

    @InEachLibrary
    void shouldCloseOrNot(Setup setup) {
        for (int offset : offsets().filter(i -> i % 2 == 0).toArray()) {
            String what = "close, " + offset + " frames above the end";
            Site site = open(setup, 1);
            Face<Integer, Integer> function = site.function(i -> i);
            Dive dive = inThread(
                    STACK,
                    what,
                    () -> Dive.to(offset, () -> {
                        site.workers().close();
                        return true;
                    }));
            if (dive.overflowed(what)) {
                function.scatter(1);
                assertThat(gather(setup, function, what)).as(what).isEqualTo(List.of(1));
            } else {
                assertThatThrownBy(() -> function.scatter(1)).as(what).hasMessageContaining("closed");
            }
        }
    }

    private static List<?> gather(Setup setup, Face<Integer, Integer> function, String what) {
        return inThread(1 << 20, what, () -> gather(setup, function));
    }

    private static List<?> gather(Setup setup, Face<Integer, Integer> function) {
        if (setup.library() == Library.SYNC) {
            return sync(function).gather();
        }
        return setup.library() == Library.REACTOR
                ? Objects.requireNonNull(reactor(function).gather().block())
                : rxjava(function).gather().blockingGet();
    }
}
