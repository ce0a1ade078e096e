package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/wait-for-an-event.md. */
public class StartSignal {
    public static void main(String[] args) {
        CompletableFuture<String> event = new CompletableFuture<>();
        Scatter<Integer, String> worker = Lox.thread(3, id -> id + " got " + event.get()); // waits, on a thread
        Scatter<Integer, String> callback = Lox.async(3, id -> event.thenApply(value -> id + " heard of " + value));
        for (int id = 1; id <= 3; id++) {
            worker.scatter(id);
            callback.scatter(id);
        }
        System.out.println("set: " + event.complete("the signal") + ", again: " + event.complete("another"));
        System.out.println(worker.gather());
        System.out.println(callback.gather());
        System.out.println("late: " + worker.gather(List.of(4)));
    }
}
