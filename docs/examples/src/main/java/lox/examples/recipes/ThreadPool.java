package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.Callable;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/from-executor-service.md. */
public class ThreadPool {
    public static void main(String[] args) {
        Workers five = Workers.threads(5).named("pool").queueLimit(5).build(); // scatter waits while five are pending
        Scatter<Callable<Integer>, Integer> pool = Lox.on(five, Callable::call);
        for (String text : List.of("35", "twelve", "7")) {
            pool.scatter(() -> Integer.parseInt(text));
        }
        for (Outcome<Integer> outcome : pool.gatherSettled()) {
            if (outcome instanceof Outcome.Success<Integer> success) {
                System.out.println(success.value());
            } else if (outcome instanceof Outcome.Failure<Integer> failure) {
                System.out.println(failure.error().getMessage());
            }
        }
    }
}
