package lox.examples.recipes;

import java.time.Duration;
import java.util.Collections;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/faq.md. */
public class FiveSleeps {
    private static final Duration SLEEP = Duration.ofMillis(20);

    static int job(int number) throws InterruptedException {
        Thread.sleep(SLEEP.toMillis());
        return 1;
    }

    public static void main(String[] args) {
        Scatter<Integer, Integer> job = Lox.process(2, FiveSleeps::job);
        long start = System.nanoTime();
        System.out.println(job.gather(Collections.nCopies(5, 10)));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        System.out.println("at least three sleeps: " + (taken.compareTo(SLEEP.multipliedBy(3)) >= 0));
    }
}
