package lox.examples.recipes;

import java.util.List;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/parallel-map.md. */
public class ParallelMap {
    public static void main(String[] args) {
        Scatter<Integer, Integer> square = Lox.thread(5, x -> x * x);
        System.out.println(square.gather(List.of(0, 1, 2, 3, 4)));

        Stream<Integer> endless = Stream.iterate(1, n -> n + 1);
        try (Stream<Integer> squares = square.map(endless)) { // lazy: nothing is squared before somebody reads
            System.out.println(squares.limit(3).toList());
        }
    }
}
