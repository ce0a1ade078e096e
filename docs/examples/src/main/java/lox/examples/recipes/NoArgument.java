package lox.examples.recipes;

import java.util.concurrent.Callable;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/any-number-of-arguments.md. */
public class NoArgument {
    static int answer() {
        return 6 * 7;
    }

    public static void main(String[] args) {
        Scatter<Callable<Integer>, Integer> calls = Lox.thread(4, Callable::call);
        calls.scatter(NoArgument::answer);
        calls.scatter(() -> Integer.parseInt("101", 2)); // any function, with any arguments
        calls.scatter("lox"::length);
        System.out.println(calls.gather());
    }
}
