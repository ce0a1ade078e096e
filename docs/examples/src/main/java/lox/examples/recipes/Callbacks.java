package lox.examples.recipes;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/futures-and-callbacks.md. */
public class Callbacks {
    static int fib(int n) {
        return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
    }

    public static void main(String[] args) {
        Scatter<Integer, Integer> fib = Lox.thread(3, Callbacks::fib);
        Collection<Integer> seen = new ConcurrentSkipListSet<>();
        CompletableFuture<?>[] callbacks = new CompletableFuture<?>[3];
        for (int i = 0; i < 3; i++) {
            callbacks[i] = fib.submit(20 + i).thenAccept(seen::add); // add_done_callback: called with the result
        }
        CompletableFuture.allOf(callbacks).join(); // until all callbacks have returned
        System.out.println(seen);
    }
}
