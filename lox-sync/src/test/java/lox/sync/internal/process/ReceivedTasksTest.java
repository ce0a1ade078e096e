package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker has not started is taken back exactly once: no task is both started there and given to another. */
class ReceivedTasksTest {
    private static final int ROUNDS = 2_000;
    private static final int TASKS = 20;

    @TempDir
    Path directory;

    /**
     * The thread that runs tasks takes one after the other while the one that reads recalls the run, at any instant.
     */
    @Tag("race")
    @Test
    void shouldEitherStartOrGiveBackEachTask() throws IOException, InterruptedException {
        Path file = directory.resolve("buffer");
        Path socket = directory.resolve("s");
        try (CrashSafeBuffer buffer = new CrashSafeBuffer(file);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            try (UninterruptibleChannel channel =
                    new UninterruptibleChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
                ReceivedTasks inbox = new ReceivedTasks(new CrashSafeOutput(channel, file));
                long started = 0;
                for (int round = 1; round <= ROUNDS; round++) {
                    started += race(inbox, round);
                    assertThat(buffer.started()).as("round %d", round).isEqualTo(started);
                }
            }
        }
    }

    /**
     * A worker that dies in a task of the second run has told before that the first is over: else that would be blamed.
     */
    @Test
    void shouldTellThatARunIsOverBeforeATaskOfALaterOneStarts() throws IOException {
        Path file = directory.resolve("buffer");
        Path socket = directory.resolve("s");
        try (CrashSafeBuffer buffer = new CrashSafeBuffer(file);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            try (UninterruptibleChannel channel =
                    new UninterruptibleChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
                ReceivedTasks inbox = new ReceivedTasks(new CrashSafeOutput(channel, file));
                for (int run = 1; run <= 2; run++) {
                    ReceivedTasks.Run tasks = new ReceivedTasks.Run(run, 1, 2, false);
                    tasks.set(0, 10 * run);
                    tasks.set(1, 10 * run + 1);
                    inbox.add(tasks);
                    inbox.arrived(tasks, 2);
                }
                assertThat(inbox.take().argument()).isEqualTo(10);

                inbox.answerRecall(1, new WireWriter());

                ByteBuffer told = buffer.unsent(0);
                assertThat(told.get()).isEqualTo(Protocol.RECALLED);
                assertThat(told.getLong()).isEqualTo(1);
                assertThat(told.getInt()).isEqualTo(1);
                assertThat(inbox.take().argument()).isEqualTo(20);
            }
        }
    }

    /** Returns how many tasks were started. */
    private static int race(ReceivedTasks inbox, int round) throws InterruptedException {
        ReceivedTasks.Run run = new ReceivedTasks.Run(round, 1, TASKS, false);
        IntStream.range(0, TASKS).forEach(i -> run.set(i, i));
        inbox.add(run);
        inbox.arrived(run, TASKS);
        List<Integer> taken = new ArrayList<>();
        AtomicInteger limit = new AtomicInteger();
        Thread reader = new Thread(() -> {
            for (int spin = round * 31 % 400; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            limit.set(inbox.recall(round));
            ReceivedTasks.Run last = new ReceivedTasks.Run(-round, 1, 1, false); // so that the other thread ends
            last.set(0, -1);
            inbox.add(last);
            inbox.arrived(last, 1);
        });
        reader.start();
        int next = 0;
        while (next >= 0) {
            next = (Integer) Objects.requireNonNull(inbox.take().argument());
            if (next >= 0) {
                taken.add(next);
            }
        }
        reader.join();
        int mine = limit.get() < 0 ? TASKS : limit.get(); // below zero: it was over before
        assertThat(taken)
                .as("round %d", round)
                .isEqualTo(IntStream.range(0, mine).boxed().toList());
        return mine + 1;
    }
}
