package lox.examples.recipes;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;

/** Shown in docs/recipes/two-locks.md. */
public class Philosophers {
    private static final List<QLock> forks =
            Stream.generate(QLock::new).limit(5).toList();

    static int eat(int philosopher) throws InterruptedException {
        int left = philosopher;
        int right = (philosopher + 1) % forks.size();
        try (Permit lower = forks.get(Math.min(left, right)).acquire(); // the lower number first, at every place
                Permit higher = forks.get(Math.max(left, right)).acquire()) {
            return Set.of(lower, higher).size();
        }
    }

    public static void main(String[] args) {
        Scatter<Integer, Integer> eat = Lox.thread(5, Philosophers::eat);
        List<Integer> forksUsed = eat.gather(IntStream.range(0, 1_000).mapToObj(meal -> meal % 5));
        int forks = forksUsed.stream().mapToInt(Integer::intValue).sum();
        System.out.println(forksUsed.size() + " meals with " + forks + " forks");
    }
}
