package lox.examples.recipes;

import java.util.List;
import java.util.stream.Stream;
import lox.sync.Announcement;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/producer-and-consumer.md. */
public class NoPill {
    static void produce(Announcement<String> words) {
        List.of("one", "three", "seven").forEach(words::put);
        words.complete();
    }

    public static void main(String[] args) {
        Announcement<String> words = Announcement.create();
        Scatter<String, String> consume = Lox.thread(4, word -> word + " has " + word.length());
        try (Announcement.Subscription<String> queue = words.subscribe(); // before the first word is put
                Stream<String> consumed = consume.map(queue.stream())) {
            new Thread(() -> produce(words), "producer").start();
            consumed.forEach(System.out::println);
        }
    }
}
