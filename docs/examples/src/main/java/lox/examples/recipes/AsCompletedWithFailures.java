package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;

/** Shown in docs/recipes/as-completed.md. */
public class AsCompletedWithFailures {
    public static void main(String[] args) {
        List<String> texts = List.of("12", "twelve");
        CountDownLatch failureIsSeen = new CountDownLatch(1);
        Scatter<String, Integer> parse = Lox.thread(2, text -> {
            int number = Integer.parseInt(text);
            failureIsSeen.await(); // so that the number comes last, each time
            return number;
        });
        texts.forEach(parse::scatter);
        try (Stream<Outcome<Integer>> outcomes = parse.gatherSettledAsCompleted()) {
            outcomes.forEach(outcome -> {
                String text = texts.get(outcome.index());
                if (outcome instanceof Outcome.Success<Integer> success) {
                    System.out.println(text + " is " + success.value());
                } else if (outcome instanceof Outcome.Failure<Integer> failure) {
                    System.out.println(text + ": " + failure.error().getClass().getSimpleName());
                    failureIsSeen.countDown();
                }
            });
        }
    }
}
