package lox.examples;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import lox.sync.Lox;
import lox.sync.RetryPolicy;
import lox.sync.Scatter;
import lox.sync.Workers;

/**
 * Four at once on an executor that the program has anyway. A call that fails is made again after a wait that doubles, and
 * that holds no thread.
 */
public final class RetryOnAnExecutor {
    private RetryOnAnExecutor() {}

    public static void main(String[] args) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        RetryPolicy patient = RetryPolicy.times(5)
                .backoff(Duration.ofMillis(5), Duration.ofSeconds(1))
                .on((failure, attempt) -> failure instanceof IOException && attempt < 4);
        Workers workers = Workers.executor(executor, 4).retry(patient).build();
        Set<URI> calledBefore = ConcurrentHashMap.newKeySet();
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.on(workers, page -> {
                if (calledBefore.add(page)) {
                    throw new IOException("busy, the first time");
                }
                return fetcher.size(page);
            });
            System.out.println(size.gather(server.pages()).size() + " pages");

            workers.close(); // the executor goes on
            size.scatter(server.missing());
        } catch (RejectedExecutionException closed) {
            System.out.println(closed.getMessage());
        } finally {
            executor.shutdown();
        }
    }
}
