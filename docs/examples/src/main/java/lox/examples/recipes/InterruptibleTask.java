package lox.examples.recipes;

import java.time.Duration;
import lox.sync.GatherTimeoutException;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/kill-all-children.md. */
public class InterruptibleTask {
    static long spin(int step) throws InterruptedException {
        long sum = 0;
        while (sum >= 0) {
            sum += step;
            if (Thread.interrupted()) { // a task that computes has to ask; one that waits is woken
                throw new InterruptedException();
            }
        }
        return sum;
    }

    public static void main(String[] args) throws InterruptedException {
        Workers threads = Workers.threads(2).build();
        Scatter<Integer, Long> spin = Lox.on(threads, InterruptibleTask::spin);
        spin.scatter(0);
        spin.scatter(0);
        try {
            spin.gather(Duration.ofMillis(50));
        } catch (GatherTimeoutException e) {
            System.out.println("given up after " + e.limit().toMillis() + " ms");
        }
        threads.shutdown();
        System.out.println("all ended: " + threads.awaitTermination(Duration.ofSeconds(30)));
    }
}
