package lox.cluster.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.time.Timer;
import org.jgroups.Address;

/**
 * A member: offers so many workers to every program that has joined, and starts and ends them. Safe for use from many
 * threads.
 */
public final class MemberAgent implements ControlChannel.Listener, AutoCloseable {
    private final MemberSettings settings;
    private final String host;
    private final Tickets<ServedWorker> tickets = new Tickets<>();
    private final Map<ServedWorker.Key, ServedWorker> served = new ConcurrentHashMap<>(); // changed under this lock
    private final SlotShares<Address, ServedWorker.Key> shares; // guarded by this
    private volatile Set<Address> others = Set.of();
    private volatile boolean isDraining;
    private final DataPort dataPort;
    private final ControlChannel channel;

    private MemberAgent(MemberSettings settings) throws IOException {
        this.settings = settings;
        this.shares = new SlotShares<>(settings.slots());
        ControlChannel.Settings control = settings.node().toControl();
        this.host = control.bind().getHostAddress();
        this.dataPort = DataPort.open(control.bind(), settings.dataPort(), control.tls(), tickets);
        ControlChannel joined = null;
        try {
            joined = ControlChannel.join(control, settings.node().name(), this);
        } finally {
            if (joined == null) {
                dataPort.close();
            }
        }
        this.channel = joined;
    }

    /**
     * Joins.
     *
     * @param settings how
     * @return the member
     * @throws BadInputException if something in the settings cannot be used; then nothing has been started
     * @throws IOException if it cannot join for another reason
     */
    public static MemberAgent join(MemberSettings settings) throws IOException {
        return new MemberAgent(settings);
    }

    /**
     * Where programs and other members reach it.
     *
     * @return the port of its control connection
     */
    public int controlPort() {
        return channel.port();
    }

    /**
     * Where programs reach its workers.
     *
     * @return the port of its data connections
     */
    public int dataPort() {
        return dataPort.port();
    }

    // ---- what is heard, by threads of JGroups ----------------------------------------------------------------------

    @Override
    public void membersChanged(ControlChannel heard, Set<Address> now) {
        List<Address> news = now.stream().filter(one -> !others.contains(one)).toList();
        others = now;
        synchronized (this) {
            shares.retain(now);
        }
        Timer.elsewhere(() -> {
            news.forEach(one -> heard.send(one, offer()));
            served.forEach((key, worker) -> {
                if (!now.contains(key.program())) {
                    worker.kill();
                }
            });
        });
    }

    @Override
    public void received(ControlChannel heard, Address from, ControlMessage message) {
        if (message instanceof ControlMessage.Who) {
            heard.send(from, offer());
        } else if (message instanceof ControlMessage.Open open) {
            open(heard, from, open);
        } else if (message instanceof ControlMessage.Kill kill) {
            ServedWorker worker = served.get(new ServedWorker.Key(from, kill.id()));
            if (worker != null) {
                Timer.elsewhere(worker::kill);
            }
        }
    }

    private ControlMessage.Offer offer() {
        return new ControlMessage.Offer(
                settings.node().name(), host, dataPort.port(), settings.slots(), Build.OWN, isDraining);
    }

    private void open(ControlChannel heard, Address from, ControlMessage.Open request) {
        ServedWorker worker = new ServedWorker(
                new ServedWorker.Key(from, request.id()), request, tickets, heard, ended -> ended(heard, ended));
        ServedWorker.Key wantedBack = null;
        boolean isTaken;
        synchronized (this) {
            isTaken = !isDraining && shares.take(from, worker.key());
            if (isTaken) {
                served.put(worker.key(), worker);
            } else {
                // in here, so that it cannot overtake the message that a slot is free: the program would wait for ever
                heard.send(
                        from, new ControlMessage.Refused(request.id(), true, WorkerEnding.ofNone("there is no room")));
                wantedBack = isDraining ? null : shares.wantBackFor(from);
            }
        }
        if (!isTaken) {
            if (wantedBack != null) {
                heard.send(wantedBack.program(), new ControlMessage.WantedBack(wantedBack.id()));
            }
            return;
        }
        heard.send(from, new ControlMessage.Accepted(request.id()));
        boolean isStarted = false;
        try {
            worker.start();
            isStarted = true;
        } finally {
            if (!isStarted) { // no thread
                ended(heard, worker);
                heard.send(
                        from,
                        new ControlMessage.Refused(request.id(), false, WorkerEnding.ofNone("it has no threads")));
            }
        }
    }

    private void ended(ControlChannel heard, ServedWorker worker) {
        List<Address> next;
        synchronized (this) {
            served.remove(worker.key());
            next = shares.end(worker.key(), System.nanoTime());
            notifyAll();
        }
        tellFree(heard, next);
    }

    /** Tells programs to ask again, and later those that come after them, if they do not. */
    private void tellFree(ControlChannel heard, List<Address> next) {
        next.forEach(program -> heard.send(program, new ControlMessage.SlotFree()));
        if (!next.isEmpty()) {
            Timer.laterElsewhere(() -> release(heard), SlotShares.KEPT_NANOS + 1_000_000);
        }
    }

    private void release(ControlChannel heard) {
        List<Address> others;
        synchronized (this) {
            others = shares.release(System.nanoTime());
        }
        others.forEach(program -> heard.send(program, new ControlMessage.SlotFree()));
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    /**
     * Gives its workers back: takes no new ones, lets those that are there finish what they are at, waits for their
     * end as long as the settings say, and leaves.
     *
     * @throws IOException if the data port cannot be closed
     */
    public void drain() throws IOException {
        synchronized (this) {
            isDraining = true;
        }
        others.forEach(one -> channel.send(one, offer()));
        served.keySet().forEach(key -> channel.send(key.program(), new ControlMessage.WantedBack(key.id())));
        awaitWorkers(settings.drainTime().toNanos());
        close();
    }

    private synchronized void awaitWorkers(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (long left = nanos; left > 0 && !served.isEmpty(); left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            } catch (InterruptedException meantForSomethingElse) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Kills its workers, and waits until they have ended and their directories are deleted. It does not leave, which
     * may take long: this JVM is to end now.
     *
     * @param nanos how long to wait at most
     */
    public void endWorkers(long nanos) {
        synchronized (this) {
            isDraining = true;
        }
        served.values().forEach(ServedWorker::abandon);
        awaitWorkers(nanos);
    }

    /** Kills its workers, which are lost to their programs, and leaves. */
    @Override
    public void close() throws IOException {
        served.values().forEach(ServedWorker::abandon);
        try {
            dataPort.close();
        } finally {
            channel.close();
        }
    }
}
