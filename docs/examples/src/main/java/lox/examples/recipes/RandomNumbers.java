package lox.examples.recipes;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/faq.md. */
public class RandomNumbers {
    static List<Double> randomNumbers(int count) {
        return new Random().doubles(count).boxed().toList(); // computes, and waits for nothing
    }

    public static void main(String[] args) {
        int processors = Runtime.getRuntime().availableProcessors();
        Scatter<Integer, List<Double>> draw = Lox.thread(processors, RandomNumbers::randomNumbers);
        List<List<Double>> drawn = draw.gather(Collections.nCopies(5, 50_000));
        System.out.println(drawn.stream().mapToInt(List::size).sum() + " numbers");
    }
}
