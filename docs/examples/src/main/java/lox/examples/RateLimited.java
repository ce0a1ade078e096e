package lox.examples;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Eight workers, but no more than four calls begin in any 50 ms: the rate is resilience4j's, the bound is lox's. */
public final class RateLimited {
    private RateLimited() {}

    public static void main(String[] args) throws Exception {
        RateLimiter fourIn50Millis = RateLimiter.of(
                "pages",
                RateLimiterConfig.custom()
                        .limitForPeriod(4)
                        .limitRefreshPeriod(Duration.ofMillis(50))
                        .timeoutDuration(Duration.ofMinutes(1)) // how long a task waits for its turn
                        .build());
        try (PageServer server = PageServer.start(12)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size =
                    Lox.thread(8, page -> fourIn50Millis.executeCallable(() -> fetcher.size(page)));
            long begun = System.nanoTime();
            List<Integer> sizes = size.gather(server.pages());
            boolean kept = System.nanoTime() - begun >= Duration.ofMillis(50).toNanos();
            System.out.println(sizes.size() + " pages, a period and more between the first and the last: " + kept);
        }
    }
}
