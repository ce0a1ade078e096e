package lox.examples.recipes;

import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/from-executor-service.md. */
public class InsteadOfAnExecutor {
    static int fib(int n) {
        return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
    }

    public static void main(String[] args) {
        Scatter<Integer, Integer> fib = Lox.thread(3, InsteadOfAnExecutor::fib);
        System.out.println(fib.gather(List.of(1, 2, 3, 4, 5)));
    }
}
