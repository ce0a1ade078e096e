package lox.examples.recipes;

import java.util.concurrent.CyclicBarrier;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/shared-counter.md. */
public class LostUpdate {
    private static volatile int count;

    public static void main(String[] args) {
        CyclicBarrier bothHaveRead = new CyclicBarrier(2);
        Scatter<Integer, Boolean> increment = Lox.thread(2, number -> {
            int value = count; // 1. read
            bothHaveRead.await(); // bad luck, on purpose: the other one reads now
            count = value + number; // 2. add, 3. write
            return true;
        });
        increment.scatter(1);
        increment.scatter(1);
        increment.gather();
        System.out.println("count should be 2, got " + count);
    }
}
