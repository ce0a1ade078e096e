package lox.examples.recipes;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/as-completed.md. */
public class Unordered {
    public static void main(String[] args) {
        CountDownLatch twoIsSeen = new CountDownLatch(1);
        Scatter<Integer, Integer> square = Lox.thread(2, n -> {
            if (n == 1) {
                twoIsSeen.await();
            }
            return n * n;
        });
        try (Stream<Integer> squares = square.mapUnordered(Stream.of(1, 2))) {
            squares.forEach(result -> {
                System.out.println(result);
                twoIsSeen.countDown();
            });
        }
    }
}
