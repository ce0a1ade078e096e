package lox.examples.hot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.Announcement;
import lox.sync.Buffer;
import lox.sync.PutResult;

/** Prices: one who comes late sees those of the last minute, and a reader that is slow makes the source skip prices. */
public final class Ticker {
    private Ticker() {}

    /**
     * Runs two and a half minutes of prices, one each 30 seconds, by a clock of its own.
     *
     * @return what has happened, line by line
     */
    public static List<String> run() {
        List<String> lines = new ArrayList<>();
        AtomicLong clock = new AtomicLong();
        Announcement<Integer> prices = Announcement.builder()
                .backlog(Duration.ofMinutes(1))
                .ticker(clock::get)
                .build();
        try (Announcement.Subscription<Integer> slow = prices.subscribe(Buffer.blocking(3, Duration.ofSeconds(10)))) {
            for (int price = 100; price < 105; price++) {
                PutResult result = prices.tryPut(price);
                lines.add(price + " " + result);
                if (result == PutResult.FULL) {
                    lines.add("skipped, the reader is at " + slow.poll().orElseThrow());
                }
                clock.addAndGet(Duration.ofSeconds(30).toNanos());
            }
        }
        lines.add("of the last minute: " + prices.backlog());
        prices.complete();
        lines.add("after the end: " + prices.tryPut(105));
        return lines;
    }

    /**
     * Prints what happens.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        run().forEach(System.out::println);
    }
}
