package lox.cluster.internal;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.internal.time.Timer;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * A worker on a member, from its program's side.
 *
 * <pre>
 *            END                                 close
 *   OPEN ------------&gt; ENDED  (its end is known) -----&gt; closed, its slot is free
 *     |                                                     ^
 *     +--------------&gt; LOST   (it is not) -------------------+
 *        the connection broke, the member has left, or nothing came after a kill
 * </pre>
 */
final class RemoteWorkerLink implements WorkerLink, RemoteInput.Listener {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Exactly one of the two is there. */
    private record Fate(
            @Nullable WorkerEnding ending, @Nullable String loss) {}

    private final ClusterNode node;
    private final Place place;
    private final String member;
    private final int id;
    private final long pid;
    private final DataConnection connection;
    private final LineDelivery lines;
    private final RemoteInput input;
    private final RemoteOutput output;
    private final AtomicReference<@Nullable Fate> fate = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final OnceSignal onWantedBack = new OnceSignal();
    private volatile long started;

    RemoteWorkerLink(
            ClusterNode node,
            Place place,
            ControlMessage.Opened opened,
            DataConnection connection,
            LineDelivery lines) {
        this.node = node;
        this.place = place;
        this.member = place.name();
        this.id = opened.id();
        this.pid = opened.pid();
        this.connection = connection;
        this.lines = lines;
        this.input = new RemoteInput(connection, lines, this);
        this.output = new RemoteOutput(connection);
    }

    Place place() {
        return place;
    }

    // ---- what the member tells -------------------------------------------------------------------------------------

    @Override
    public void started(long tasks) {
        started = tasks;
    }

    @Override
    public void ended(WorkerEnding ending) {
        started = ending.started();
        if (fate.compareAndSet(null, new Fate(ending, null))) {
            over.countDown();
        }
    }

    /** For any thread. Closes the connection, so that nobody waits for it any more. */
    @Override
    public void lose(String reason) {
        if (fate.compareAndSet(null, new Fate(null, reason))) {
            over.countDown();
            closeConnection();
        }
    }

    void wantBack() {
        onWantedBack.run();
    }

    // ---- the pool --------------------------------------------------------------------------------------------------

    @Override
    public ReadableByteChannel input() {
        return input;
    }

    @Override
    public AbandonableChannel output() {
        return output;
    }

    @Override
    public long started() {
        return started;
    }

    /** Never: a line that native code has not ended comes after a tenth of a second, as the member sees it. */
    @Override
    public boolean holdsUnfinishedLine() {
        return false;
    }

    @Override
    public void forwardAll() {
        lines.awaitAll();
    }

    @Override
    public boolean isForwarding() {
        return lines.isAwaited();
    }

    @Override
    public boolean isWantedBack() {
        return onWantedBack.hasHappened();
    }

    @Override
    public void whenWantedBack(Runnable action) {
        onWantedBack.add(action);
    }

    @Override
    public void kill() {
        if (over.getCount() > 0) {
            node.send(place, new ControlMessage.Kill(id));
            Timer.laterElsewhere(() -> lose("it did not end within 10 s when it was to be killed"), END_NANOS);
        }
    }

    @Override
    public void awaitEnd() {
        boolean interrupted = false;
        try {
            while (over.getCount() > 0) {
                try {
                    if (!over.await(END_NANOS, TimeUnit.NANOSECONDS)) {
                        lose("its end was not heard of within 10 s");
                    }
                } catch (InterruptedException meantForSomethingElse) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public long tripNanos() {
        return connection.trip().nanos();
    }

    @Override
    public String describe() {
        return "process " + pid + " on " + member;
    }

    @Override
    public @Nullable String lost() {
        Fate known = fate.get();
        return known == null ? null : known.loss();
    }

    @Override
    public WorkerCrashedException crash(String what) {
        Fate known = fate.get();
        WorkerEnding ending = known == null ? null : known.ending();
        return (ending == null ? WorkerEnding.ofNone(String.valueOf(lost())) : ending).toException(what, member);
    }

    @Override
    public void close() {
        node.removeLink(id);
        output.close();
        closeConnection();
        if (lost() != null) {
            node.places().suspect(place); // until it answers
            node.askSilent();
        }
        node.places().giveBack(place);
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (IOException unclosable) {
            LOG.log(System.Logger.Level.DEBUG, "a data connection could not be closed", unclosable);
        }
    }
}
