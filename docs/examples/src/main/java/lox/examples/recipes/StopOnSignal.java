package lox.examples.recipes;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/kill-all-children.md. */
public class StopOnSignal {
    static int work(int item) throws InterruptedException {
        System.out.println("begun " + item);
        Thread.sleep(5);
        System.out.println("ended " + item);
        return item;
    }

    static void stop(Workers workers) {
        workers.shutdown(); // nothing new
        try {
            workers.awaitTermination(Duration.ofSeconds(10)); // what was begun comes to its end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close(); // what took too long is cancelled
    }

    public static void main(String[] args) {
        int items = args.length == 0 ? 1 : Integer.parseInt(args[0]);
        Workers workers = Workers.threads(1).queueLimit(1).build();
        Scatter<Integer, Integer> work = Lox.on(workers, StopOnSignal::work);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(workers), "stop")); // Ctrl-C, kill -TERM, exit
        try {
            for (int item = 0; item < items; item++) {
                work.scatter(item);
            }
            System.out.println(work.gather().size() + " done");
        } catch (RejectedExecutionException e) {
            System.out.println("no more: the program ends");
        }
    }
}
