package lox.examples.recipes;

import java.util.List;
import lox.sync.Lox;
import lox.sync.Task;

/** Shown in docs/recipes/parallel-map.md. */
public class Parmap {
    static <T, R> List<R> parmap(Task<T, R> function, List<T> arguments) {
        return Lox.process(2, function).gather(arguments);
    }

    public static void main(String[] args) {
        System.out.println(parmap(x -> Math.round(Math.pow(x, x)), List.of(1, 2, 3, 4)));
    }
}
