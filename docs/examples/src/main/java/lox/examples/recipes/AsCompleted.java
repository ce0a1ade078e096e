package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/as-completed.md. */
public class AsCompleted {
    public static void main(String[] args) {
        CountDownLatch coffeeIsServed = new CountDownLatch(1);
        Scatter<String, String> brew = Lox.thread(2, drink -> {
            if (drink.equals("tea")) {
                coffeeIsServed.await(); // so that the tea takes longer, each time
            }
            return drink;
        });
        List.of("tea", "coffee").forEach(brew::scatter);
        try (Stream<String> ready = brew.gatherAsCompleted()) {
            ready.forEach(drink -> {
                System.out.println(drink);
                coffeeIsServed.countDown();
            });
        }
    }
}
