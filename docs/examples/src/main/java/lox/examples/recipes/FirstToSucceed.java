package lox.examples.recipes;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;

/** Shown in docs/recipes/from-executor-service.md. */
public class FirstToSucceed {
    static String ask(String server) throws IOException, InterruptedException {
        if (server.equals("down")) {
            throw new IOException("no route to host");
        }
        if (server.equals("overloaded")) {
            new CountDownLatch(1).await(); // never answers; ends by its interrupt
        }
        return "answer of " + server;
    }

    public static void main(String[] args) {
        Scatter<String, String> ask = Lox.thread(3, FirstToSucceed::ask);
        try (Batch<String, String> batch = ask.batch()) {
            List.of("down", "overloaded", "quick").forEach(batch::scatter);
            try (Stream<Outcome<String>> answers = batch.gatherSettledAsCompleted()) { // its close cancels the others
                answers.filter(Outcome.Success.class::isInstance).findFirst().ifPresent(System.out::println);
            }
        }
    }
}
