package lox.benchmarks.announcements;

import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.ReplayProcessor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import lox.reactor.Announcement;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Sinks;

/**
 * Puts from some threads at once to eight subscribers that want everything, with a backlog of the last 100; then looks
 * whether each subscriber has counted every item. Prints the median time of a put. {@link Ratios} starts one JVM for
 * each figure.
 *
 * <p>Not JMH, since what is wanted is the time until everything has arrived, for a given number of items.
 */
public final class PutBenchmark {
    private static final int SUBSCRIBERS = 8;
    private static final int BACKLOG = 100;
    private static final int ITEMS = 2_000_000;
    private static final int RUNS = 7;
    private static final int WARM_UP = 3;
    private static final Integer ITEM = 42;

    private PutBenchmark() {}

    /**
     * Measures one publisher.
     *
     * @param args lox, reactor or rxjava; how many threads put
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        System.out.printf(Locale.ROOT, "%.1f%n", median(args[0], Integer.parseInt(args[1])));
    }

    /**
     * Measures one publisher in this JVM.
     *
     * @param name lox, reactor or rxjava
     * @param threads how many threads put
     * @return the median of the nanoseconds of a put
     * @throws InterruptedException if it is interrupted
     */
    public static double median(String name, int threads) throws InterruptedException {
        Function<List<Counting>, Consumer<Integer>> publisher = switch (name) {
            case "lox" -> PutBenchmark::announcement;
            case "reactor" -> PutBenchmark::sink;
            case "rxjava" -> PutBenchmark::processor;
            default -> throw new IllegalArgumentException("no publisher is called " + name);
        };
        double[] nanos = new double[RUNS];
        for (int run = -WARM_UP; run < RUNS; run++) {
            double measured = run(publisher, threads);
            if (run >= 0) {
                nanos[run] = measured;
            }
        }
        Arrays.sort(nanos);
        return nanos[RUNS / 2];
    }

    private static double run(Function<List<Counting>, Consumer<Integer>> publisher, int threads)
            throws InterruptedException {
        List<Counting> subscribers =
                Stream.generate(Counting::new).limit(SUBSCRIBERS).toList();
        Consumer<Integer> put = publisher.apply(subscribers);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> putters = Stream.generate(() -> new Thread(() -> putAll(put, go, ITEMS / threads)))
                .limit(threads)
                .toList();
        putters.forEach(Thread::start);
        long start = System.nanoTime();
        go.countDown();
        for (Thread putter : putters) {
            putter.join();
        }
        for (Counting subscriber : subscribers) {
            if (!subscriber.all.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("put " + ITEMS + ", counted " + subscriber.counted);
            }
        }
        long nanos = System.nanoTime() - start;
        for (Counting subscriber : subscribers) {
            if (subscriber.counted != ITEMS) {
                throw new IllegalStateException("put " + ITEMS + ", counted " + subscriber.counted);
            }
        }
        return (double) nanos / ITEMS;
    }

    private static void putAll(Consumer<Integer> put, CountDownLatch go, int items) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < items; i++) {
            put.accept(ITEM);
        }
    }

    private static Consumer<Integer> announcement(List<Counting> subscribers) {
        Announcement<Integer> announcement =
                Announcement.builder().backlog(BACKLOG).build();
        subscribers.forEach(announcement.asFlux()::subscribe);
        return announcement::put;
    }

    private static Consumer<Integer> sink(List<Counting> subscribers) {
        Sinks.Many<Integer> sink = Sinks.many().replay().limit(BACKLOG);
        subscribers.forEach(sink.asFlux()::subscribe);
        Sinks.EmitFailureHandler busyLooping = Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(100));
        return item -> sink.emitNext(item, busyLooping);
    }

    private static Consumer<Integer> processor(List<Counting> subscribers) {
        FlowableProcessor<Integer> processor =
                ReplayProcessor.<Integer>createWithSize(BACKLOG).toSerialized();
        subscribers.forEach(subscriber -> processor.subscribe((FlowableSubscriber<Integer>) subscriber));
        return processor::onNext;
    }

    /** Wants everything, and counts. Signals are serial, so a plain field will do. */
    private static final class Counting implements CoreSubscriber<Integer>, FlowableSubscriber<Integer> {
        private final CountDownLatch all = new CountDownLatch(1);
        private long counted;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer item) {
            if (++counted == ITEMS) {
                all.countDown();
            }
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onComplete() {
            throw new IllegalStateException("completed");
        }
    }
}
