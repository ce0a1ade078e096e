package lox.sync.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One of the locks, seen through what they have in common, with a way to fill it so that the next request waits. */
record Subject(
        String name,
        Acquirable<? extends Permit> lock,
        Supplier<Permit> filler,
        int room,
        IntSupplier waiting,
        IntSupplier held,
        Supplier<LockReport> reporter) {

    static Stream<Subject> all() {
        return Stream.of(
                qLock(),
                writers(),
                readers(),
                lightSwitch(),
                oneIndex(),
                someIndices(3),
                someIndices(9),
                oneWeight(),
                heavyWeights(),
                oneKey());
    }

    /** Those that let in one at a time. */
    static Stream<Subject> exclusive() {
        return Stream.of(qLock(), writers(), oneIndex(), oneWeight(), oneKey());
    }

    /** Takes everything there is: whoever asks then, waits until the permit returned is closed. */
    Permit fill() {
        return filler.get();
    }

    int waitingCount() {
        return waiting.getAsInt();
    }

    int heldCount() {
        return held.getAsInt();
    }

    LockReport report() {
        return reporter.get();
    }

    /** True as soon as everything can be had: nothing has leaked. The timer may still be at work when a test looks. */
    boolean isWholeAgain() {
        Threads.until(this::isWhole);
        return true;
    }

    private boolean isWhole() {
        List<Permit> taken = new ArrayList<>();
        try {
            for (int i = 0; i < Math.min(room, 16); i++) {
                Optional<? extends Permit> permit = lock.tryAcquire();
                if (permit.isEmpty()) {
                    return false;
                }
                taken.add(permit.get());
            }
            return waitingCount() == 0 && heldCount() == taken.size();
        } finally {
            taken.forEach(Permit::close);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static Subject qLock() {
        QLock lock = new QLock();
        return new Subject("QLock", lock, () -> take(lock), 1, lock::waiting, lock::held, lock::report);
    }

    private static Subject writers() {
        RWLock lock = new RWLock();
        return new Subject(
                "RWLock.write", lock.write(), () -> take(lock.write()), 1, lock::waiting, lock::held, lock::report);
    }

    private static Subject readers() {
        RWLock lock = new RWLock();
        return new Subject(
                "RWLock.read",
                lock.read(),
                () -> take(lock.write()),
                Integer.MAX_VALUE,
                lock::waiting,
                lock::readers,
                lock::report);
    }

    private static Subject lightSwitch() {
        QLock below = new QLock();
        LightSwitch lock = new LightSwitch(below);
        return new Subject(
                "LightSwitch", lock, () -> take(below), Integer.MAX_VALUE, lock::waiting, lock::entrants, lock::report);
    }

    private static Subject oneIndex() {
        IndexSemaphore lock = new IndexSemaphore(1);
        return new Subject("IndexSemaphore(1)", lock, () -> take(lock), 1, lock::waiting, lock::held, lock::report);
    }

    /** Up to eight are in the gate's word, more in a queue beside it. */
    private static Subject someIndices(int resources) {
        IndexSemaphore lock = new IndexSemaphore(resources);
        return new Subject(
                "IndexSemaphore(" + resources + ")",
                lock,
                () -> {
                    List<Permit> all =
                            Stream.generate(() -> take(lock)).limit(resources).toList();
                    return () -> all.forEach(Permit::close);
                },
                resources,
                lock::waiting,
                lock::held,
                lock::report);
    }

    private static Subject oneWeight() {
        WeightedSemaphore lock = new WeightedSemaphore(1);
        return new Subject("WeightedSemaphore(1)", lock, () -> take(lock), 1, lock::waiting, lock::held, lock::report);
    }

    /** Permits of weight 3, of which two fit into 7. */
    private static Subject heavyWeights() {
        WeightedSemaphore semaphore = new WeightedSemaphore(9);
        semaphore.resize(7);
        Acquirable<Permit> lock = semaphore.weighing(3);
        return new Subject(
                "WeightedSemaphore(7).weighing(3)",
                lock,
                () -> {
                    Permit one = take(lock);
                    Permit other = take(lock);
                    return () -> {
                        one.close();
                        other.close();
                    };
                },
                2,
                semaphore::waiting,
                () -> semaphore.held() / 3,
                semaphore::report);
    }

    private static Subject oneKey() {
        KeyedLock<String> lock = new KeyedLock<>();
        Acquirable<Permit> key = lock.forKey("key");
        return new Subject("KeyedLock.forKey", key, () -> take(key), 1, lock::waiting, lock::held, lock::report);
    }

    /** As soon as it is free: a request that a switch has abandoned may hold the lock below for a moment. */
    private static Permit take(Acquirable<? extends Permit> lock) {
        List<Permit> taken = new ArrayList<>();
        Threads.until(() -> {
            lock.tryAcquire().ifPresent(taken::add);
            return !taken.isEmpty();
        });
        return taken.get(0);
    }
}
