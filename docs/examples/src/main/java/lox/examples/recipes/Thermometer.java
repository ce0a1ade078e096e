package lox.examples.recipes;

import lox.sync.Announcement;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/wait-for-an-event.md. */
public class Thermometer {
    private static final Announcement<Integer> degrees =
            Announcement.builder().backlog(1).build();

    static String awaitAtLeast(int limit) {
        try (Announcement.Subscription<Integer> readings = degrees.subscribe()) { // the last reading, then new ones
            for (int reading : readings) { // waits for each
                if (reading >= limit) {
                    return "at least " + limit;
                }
            }
            return "never " + limit; // there will be no more readings
        }
    }

    public static void main(String[] args) {
        Scatter<Integer, String> waiter = Lox.thread(3, Thermometer::awaitAtLeast);
        waiter.scatter(50);
        waiter.scatter(90);
        waiter.scatter(200);
        for (int reading : new int[] {20, 60, 100}) {
            degrees.put(reading);
        }
        degrees.complete();
        System.out.println(waiter.gather());
    }
}
