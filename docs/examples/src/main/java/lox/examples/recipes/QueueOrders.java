package lox.examples.recipes;

import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.PriorityBlockingQueue;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/producer-and-consumer.md. */
public class QueueOrders {
    static List<String> taken(Queue<String> waiting) {
        CountDownLatch allAreIn = new CountDownLatch(1); // so that the order shows
        Scatter<Integer, String> consume = Lox.thread(1, number -> {
            allAreIn.await();
            return waiting.remove(); // there is one: it was added before its scatter
        });
        for (String job : List.of("b", "c", "a")) {
            waiting.add(job);
            consume.scatter(waiting.size());
        }
        allAreIn.countDown();
        return consume.gather();
    }

    public static void main(String[] args) {
        System.out.println("FIFO " + taken(new ConcurrentLinkedQueue<>()));
        System.out.println("LIFO " + taken(Collections.asLifoQueue(new LinkedBlockingDeque<>())));
        System.out.println("priority " + taken(new PriorityBlockingQueue<>()));
    }
}
