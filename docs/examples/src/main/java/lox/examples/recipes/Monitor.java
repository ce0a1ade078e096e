package lox.examples.recipes;

import java.util.Objects;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;

/** Shown in docs/recipes/wait-for-an-event.md. */
public class Monitor {
    private final QLock lock = new QLock();
    private int steps;

    int foo(int id) throws InterruptedException {
        try (Permit permit = lock.acquire()) {
            return step(permit) + step(permit); // not foo or bar: they would wait for themselves
        }
    }

    int bar(int id) throws InterruptedException {
        try (Permit permit = lock.acquire()) {
            return step(permit);
        }
    }

    private int step(Permit held) { // the argument proves that the lock is held
        Objects.requireNonNull(held);
        steps++;
        return 1;
    }

    public static void main(String[] args) {
        Monitor monitor = new Monitor();
        Scatter<Integer, Integer> foo = Lox.thread(4, monitor::foo);
        Scatter<Integer, Integer> bar = Lox.thread(4, monitor::bar);
        IntStream.range(0, 1_000).forEach(id -> {
            foo.scatter(id);
            bar.scatter(id);
        });
        int foos = foo.gather().stream().mapToInt(Integer::intValue).sum();
        int bars = bar.gather().stream().mapToInt(Integer::intValue).sum();
        System.out.println(foos + " + " + bars + " = " + monitor.steps);
    }
}
