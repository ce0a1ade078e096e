package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.Work;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerLink;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool knows its workers by their host and their links alone. */
class WorkerHostTest {
    /** Starts workers as this machine's host does, under another name, and writes down what is asked of it. */
    private static final class FarHost implements WorkerHost {
        private final Queue<String> asked = new ConcurrentLinkedQueue<>();
        private final WorkerHost near;

        FarHost(WorkerContext context) {
            this.near = WorkerPool.host(context, new NestingLimit(context.pool()));
        }

        @Override
        public @Nullable WorkerLink start(int number, BooleanSupplier wanted, BooleanSupplier wantsNew)
                throws IOException {
            asked.add("start " + number);
            WorkerLink link = near.start(number, wanted, wantsNew);
            return link == null ? null : new FarLink(link, number);
        }

        private final class FarLink implements WorkerLink {
            private final WorkerLink link;
            private final int number;

            FarLink(WorkerLink link, int number) {
                this.link = link;
                this.number = number;
            }

            @Override
            public ReadableByteChannel input() {
                return link.input();
            }

            @Override
            public AbandonableChannel output() {
                return link.output();
            }

            @Override
            public long started() throws IOException {
                return link.started();
            }

            @Override
            public boolean holdsUnfinishedLine() {
                return link.holdsUnfinishedLine();
            }

            @Override
            public void forwardAll() {
                link.forwardAll();
            }

            @Override
            public boolean isForwarding() {
                return link.isForwarding();
            }

            @Override
            public void kill() {
                asked.add("kill " + number);
                link.kill();
            }

            @Override
            public void awaitEnd() {
                link.awaitEnd();
            }

            @Override
            public long pid() {
                return link.pid();
            }

            @Override
            public String describe() {
                return "worker " + number + " on another machine";
            }

            @Override
            public WorkerCrashedException crash(String what) {
                return link.crash(what);
            }

            @Override
            public void close() {
                link.close();
                asked.add("close " + number);
            }
        }
    }

    private final WorkerContext context = WorkerContext.of(new PoolObserver("far", List.of()), PlainOptions.of(null));
    private final FarHost host = new FarHost(context);
    private final WorkerPool pool = new WorkerPool(context, new NestingLimit("far"), host);

    private RemoteWorker lend() {
        RemoteWorker worker = pool.lend(() -> true);
        assertThat(worker).isNotNull();
        return Objects.requireNonNull(worker);
    }

    private static @Nullable Object run(RemoteWorker worker, Work<Integer, Integer> work) throws Throwable {
        RemoteRun run = worker.open(work, 1, () -> false);
        run.add(20);
        run.send(() -> false);
        while (run.settled() == 0) {
            run.await(0, run.limit());
        }
        return run.result(0);
    }

    @Test
    void shouldRunTasksOnTheHostsWorkersAndCloseTheirLinks() throws Throwable {
        RemoteWorker worker = lend();
        assertThat(run(worker, x -> x + 1)).isEqualTo(21);
        worker.giveBack();
        pool.close();
        Patience.until("the link is closed", () -> host.asked.contains("close 1"));
        assertThat(host.asked).filteredOn(WorkerHostTest::isInOrder).containsExactly("start 1", "close 1");
    }

    @Test
    void shouldNameAWorkerThatCrashedAsItsLinkDoes() {
        RemoteWorker worker = lend();
        assertThatThrownBy(() -> run(worker, x -> {
                    Runtime.getRuntime().halt(x);
                    return x;
                }))
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("worker 1 on another machine of \"far\" crashed")
                .hasMessageContaining("exit code 20");
        worker.giveBack();
        Patience.until("the link is closed", () -> host.asked.contains("close 1"));
        lend().giveBack();
        pool.close();
        Patience.until("the other link is closed", () -> host.asked.contains("close 2"));
        assertThat(host.asked)
                .filteredOn(WorkerHostTest::isInOrder)
                .containsExactly("start 1", "close 1", "start 2", "close 2");
    }

    /** A worker that does not end within half a second, on a busy machine say, is killed before its link is closed. */
    private static boolean isInOrder(String asked) {
        return !asked.startsWith("kill");
    }
}
