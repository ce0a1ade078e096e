package lox.examples;

import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;

/** A page never answers. Interrupting the thread that gathers cancels the batch, which stops the fetches. */
public final class InterruptInPlainJava {
    private InterruptInPlainJava() {}

    public static void main(String[] args) throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (PageServer server = PageServer.start(3)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(2, fetcher::size);
            size.scatter(server.silence());
            Future<?> alarm = clock.schedule(Thread.currentThread()::interrupt, 300, TimeUnit.MILLISECONDS);
            try {
                size.gather();
            } catch (CancellationException e) {
                System.out.println("cancelled, flag kept: " + Thread.interrupted());
            }
            alarm.get();

            server.pages().forEach(size::scatter);
            System.out.println(size.gather().size() + " pages");
        } finally {
            clock.shutdown();
        }
    }
}
