package lox.examples.recipes;

import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/any-number-of-arguments.md. */
public class NoResult {
    public static void main(String[] args) {
        AtomicInteger sum = new AtomicInteger();
        Scatter<Runnable, Boolean> jobs = Lox.thread(4, job -> {
            job.run();
            return true; // a job that has run
        });
        jobs.scatter(() -> sum.addAndGet(1));
        jobs.scatter(() -> sum.addAndGet(20));
        System.out.println(jobs.gather().size() + " jobs have run, sum " + sum);
    }
}
