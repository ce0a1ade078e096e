package lox.examples.recipes;

import java.time.Duration;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/service-that-never-ends.md. */
public class FireAndForget {
    static String send(String address) {
        if (!address.contains("@")) {
            throw new IllegalArgumentException("no address: " + address);
        }
        return "sent to " + address; // what talks to the mail server
    }

    public static void main(String[] args) throws InterruptedException {
        Workers mailers = Workers.threads(4).named("mail").queueLimit(1_000).build();
        Scatter<String, String> mail = Lox.on(mailers, FireAndForget::send);
        for (String address : List.of("ada@example.org", "nobody", "bob@example.org")) {
            mail.submit(address).exceptionally(failure -> {
                System.out.println("not sent, " + failure.getMessage()); // a log
                return "";
            });
        }
        mailers.shutdown(); // the service ends: nothing new
        System.out.println("all sent or logged: " + mailers.awaitTermination(Duration.ofSeconds(30)));
    }
}
