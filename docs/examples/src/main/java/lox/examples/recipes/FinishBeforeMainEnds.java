package lox.examples.recipes;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/finish-before-main-ends.md. */
public class FinishBeforeMainEnds {
    private static final AtomicInteger sent = new AtomicInteger();

    static boolean send(String letter) throws InterruptedException {
        Thread.sleep(5);
        sent.incrementAndGet();
        return Thread.currentThread().isDaemon();
    }

    public static void main(String[] args) throws InterruptedException {
        Workers post = Workers.threads(2).named("post").build();
        Scatter<String, Boolean> send = Lox.on(post, FinishBeforeMainEnds::send);
        CompletableFuture<Boolean> first = send.submit("letter 1");
        for (int i = 2; i <= 5; i++) {
            send.scatter("letter " + i); // and nobody gathers
        }
        post.shutdown();
        if (post.awaitTermination(Duration.ofMinutes(1))) {
            System.out.println(sent + " sent, on a daemon thread: " + first.join());
        }
    }
}
