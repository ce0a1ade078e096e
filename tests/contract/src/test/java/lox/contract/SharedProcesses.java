package lox.contract;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.ProcessesBuilder;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.ProcessPlace;

/**
 * Worker processes that tests without options of their own take one after the other: most of what such a test costs is the start of
 * JVMs. A test that leaves something behind, or has closed its workers, gets them closed, and nobody else gets them.
 */
final class SharedProcesses {
    /** Too short on a busy machine at times; then they are closed, which costs no more than if they had never been shared. */
    private static final int SECONDS = 3;

    /** As long as it takes other tests until one of the same size comes; a start costs as much as hundreds of tasks. */
    private static final Duration UNTIL_THE_END = Duration.ofHours(1);

    /** A chain of functions has several Workers, of one size as a rule. */
    private static final int MOST_OF_A_SIZE = 2;

    private static final Map<Integer, Deque<Workers>> IDLE = new HashMap<>(); // by their size; its lock guards it

    private SharedProcesses() {}

    /** Worker processes that live for so short a time that the optimizing compiler would cost more than it saves. */
    static ProcessesBuilder shortLived(int size) {
        return ProcessPlace.moved(
                Workers.processes(size).jvmArgs("-XX:TieredStopAtLevel=1").initialize(Embassy.wayHome()));
    }

    static Workers take(int size) {
        synchronized (IDLE) {
            Workers idle = ofSize(size).pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        return shortLived(size).idleTimeout(UNTIL_THE_END).build();
    }

    static void giveBack(int size, Workers workers) {
        if (!isIdle(size, workers) || !keep(size, workers)) {
            workers.close();
        }
    }

    private static boolean keep(int size, Workers workers) {
        synchronized (IDLE) {
            Deque<Workers> kept = ofSize(size);
            return kept.size() < MOST_OF_A_SIZE && kept.offerFirst(workers);
        }
    }

    private static Deque<Workers> ofSize(int size) {
        return IDLE.computeIfAbsent(size, none -> new ArrayDeque<>());
    }

    /** Whether so many tasks can meet: if so, none of the places is taken by what a test has left. */
    private static boolean isIdle(int size, Workers workers) {
        CountDownLatch together = new CountDownLatch(size);
        Scatter<Integer, Boolean> meeting = Lox.on(workers, Embassy.abroad(i -> {
            together.countDown();
            return together.await(SECONDS, TimeUnit.SECONDS);
        }));
        try {
            List<CompletableFuture<Boolean>> met = IntStream.range(0, size)
                    .mapToObj(i -> meeting.submit(i).toCompletableFuture())
                    .toList();
            boolean all = true;
            for (CompletableFuture<Boolean> one : met) {
                all &= one.get(2 * SECONDS, TimeUnit.SECONDS);
            }
            return all;
        } catch (TimeoutException | ExecutionException | CancellationException stuck) {
            return false;
        } catch (IllegalStateException | RejectedExecutionException closed) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
