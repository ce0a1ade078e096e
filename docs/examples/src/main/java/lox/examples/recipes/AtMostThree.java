package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/at-most-three-at-once.md. */
public class AtMostThree {
    private static final AtomicInteger inside = new AtomicInteger();

    static int work(int number) throws InterruptedException {
        int now = inside.incrementAndGet();
        Thread.sleep(5);
        inside.decrementAndGet();
        return now;
    }

    public static void main(String[] args) {
        Scatter<Integer, Integer> work = Lox.thread(3, AtMostThree::work);
        List<Integer> insideThen = work.gather(IntStream.range(0, 12).boxed());
        System.out.println(insideThen.size() + " done, never more than three at once: "
                + insideThen.stream().allMatch(n -> n <= 3));
    }
}
