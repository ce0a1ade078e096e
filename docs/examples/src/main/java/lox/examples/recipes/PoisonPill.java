package lox.examples.recipes;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/producer-and-consumer.md. */
public class PoisonPill {
    private static final Optional<String> PILL = Optional.empty();

    static void produce(BlockingQueue<Optional<String>> queue) {
        try {
            for (String word : List.of("one", "three", "seven")) {
                queue.put(Optional.of(word)); // waits while the queue is full
            }
            queue.put(PILL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Optional<String> take(BlockingQueue<Optional<String>> queue) {
        try {
            return queue.take(); // waits while it is empty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    public static void main(String[] args) {
        BlockingQueue<Optional<String>> queue = new ArrayBlockingQueue<>(2);
        new Thread(() -> produce(queue), "producer").start();

        Scatter<String, String> consume = Lox.thread(4, word -> word + " has " + word.length());
        Stream<String> words = Stream.generate(() -> take(queue))
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
        try (Stream<String> consumed = consume.map(words)) {
            consumed.forEach(System.out::println);
        }
    }
}
