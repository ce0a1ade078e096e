package lox.examples.recipes;

import java.util.List;
import lox.sync.BiScatter;
import lox.sync.Lox;

/** Shown in docs/recipes/from-python-lox.md. */
public class TimesTable {
    public static void main(String[] args) {
        BiScatter<Integer, Integer, Integer> foo = Lox.biThread(4, (x, y) -> x * y);
        System.out.println(foo.call(3, 4)); // the plain call, in this thread
        for (int i = 0; i < 5; i++) {
            foo.scatter(i, i + 1);
        }
        List<Integer> results = foo.gather();
        System.out.println(results);
    }
}
