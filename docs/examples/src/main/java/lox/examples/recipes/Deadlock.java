package lox.examples.recipes;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;

/** Shown in docs/recipes/two-locks.md. */
public class Deadlock {
    record Job(QLock first, QLock second, Duration patience) {}

    private static final CyclicBarrier bothHaveOne = new CyclicBarrier(2); // bad luck, on purpose

    static String work(Job job) throws Exception {
        try (Permit one = job.first().acquire()) {
            bothHaveOne.await();
            try (Permit other = job.second().acquire(job.patience())) { // with acquire() both wait for ever
                return one.equals(other) ? "has one" : "has both";
            }
        }
    }

    public static void main(String[] args) {
        QLock lock1 = new QLock();
        QLock lock2 = new QLock();
        Scatter<Job, String> task = Lox.thread(2, Deadlock::work);
        task.scatter(new Job(lock1, lock2, Duration.ofMillis(50)));
        task.scatter(new Job(lock2, lock1, Duration.ofMinutes(1)));
        for (Outcome<String> outcome : task.gatherSettled()) {
            if (outcome instanceof Outcome.Success<String> success) {
                System.out.println(success.value());
            } else if (outcome instanceof Outcome.Failure<String> failure) {
                System.out.println("gives up: " + failure.error().getClass().getSimpleName());
            }
        }
    }
}
