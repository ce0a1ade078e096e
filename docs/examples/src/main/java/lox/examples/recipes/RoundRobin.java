package lox.examples.recipes;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/crawler.md. */
public class RoundRobin {
    public static void main(String[] args) {
        CountDownLatch allAreIn = new CountDownLatch(1); // so that the order shows
        Queue<String> order = new ConcurrentLinkedQueue<>();
        Scatter<String, Boolean> visit = Lox.thread(1, page -> {
            allAreIn.await();
            return order.add(page);
        });
        try (Batch<String, Boolean> large = visit.batch();
                Batch<String, Boolean> small = visit.batch()) {
            for (int page = 1; page <= 100; page++) {
                large.scatter("large " + page);
            }
            small.scatter("small 1");
            small.scatter("small 2");
            allAreIn.countDown();
            large.gather();
            small.gather();
        }
        List<String> first = order.stream().limit(4).sorted().toList();
        System.out.println("of 102 visits, the first four: " + first);
    }
}
