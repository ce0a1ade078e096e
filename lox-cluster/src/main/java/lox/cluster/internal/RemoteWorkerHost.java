package lox.cluster.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.process.ClusterUnavailableException;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * Starts the workers of one pool on the members of the cluster, where there is room. Safe for use from many threads.
 */
final class RemoteWorkerHost implements WorkerHost {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 50;
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_UNREACHABLE = 3;
    private static final int LOOKS_PER_LIMIT = 8;

    private final ClusterNode node;
    private final WorkerHosts.Pool pool;

    RemoteWorkerHost(ClusterNode node, WorkerHosts.Pool pool) {
        this.node = node;
        this.pool = pool;
    }

    /**
     * Waits for a free slot for as long as the worker is wanted; for a member that can be used, ten seconds. What a
     * member has begun to start is awaited, as on this machine, whether it is still wanted or not.
     */
    @Override
    public @Nullable WorkerLink start(int number, BooleanSupplier wanted, BooleanSupplier wantsNew) throws IOException {
        Search search = new Search();
        while (wanted.getAsBoolean() && wantsNew.getAsBoolean()) {
            Place place = search.next(wanted);
            if (place != null) {
                RemoteWorkerLink link = null;
                try {
                    link = startOn(place, number, search);
                } finally {
                    if (link == null) {
                        node.places().giveBack(place);
                    }
                }
                if (link != null) {
                    return link;
                }
            }
        }
        return null;
    }

    private @Nullable RemoteWorkerLink startOn(Place place, int number, Search search) throws IOException {
        WorkerRequest request = new WorkerRequest(place);
        int id = node.add(request);
        try {
            Duration limit = pool.taskTimeout();
            long look = limit == null ? 0 : Math.max(limit.toNanos() / LOOKS_PER_LIMIT, 1_000_000);
            node.send(
                    place,
                    new ControlMessage.Open(
                            id, pool.name(), number, look, pool.launch().get()));
            WorkerRequest.Outcome outcome = request.await();
            if (outcome instanceof WorkerRequest.Outcome.Opened opened) {
                return connect(request, opened.message(), search);
            }
            if (outcome instanceof WorkerRequest.Outcome.Refused refused) {
                if (!refused.message().isForLackOfSlots()) {
                    String name = place.name();
                    throw refused.message()
                            .ending()
                            .toException(
                                    "a worker process of \"" + pool.name() + "\" could not be started on " + name,
                                    name);
                }
                return null;
            }
            node.places().suspect(place);
            node.send(place, new ControlMessage.Kill(id)); // which it hears if it is there after all
            return null;
        } finally {
            node.remove(id);
        }
    }

    private @Nullable RemoteWorkerLink connect(WorkerRequest request, ControlMessage.Opened opened, Search search)
            throws IOException {
        Place place = request.place();
        ControlMessage.Offer offer = place.knownOffer();
        try {
            DataConnection connection = DataConnection.open(
                    InetAddress.getByName(offer.host()),
                    offer.dataPort(),
                    node.settings().tls(),
                    opened.ticket());
            RemoteWorkerLink link = new RemoteWorkerLink(
                    node,
                    place,
                    opened,
                    connection,
                    new LineDelivery(pool.output().apply(opened.pid())));
            node.add(opened.id(), link);
            if (request.isWantedBack()) {
                link.wantBack();
            }
            return link;
        } catch (IOException unreachable) {
            node.places().suspect(place);
            node.send(place, new ControlMessage.Kill(opened.id()));
            search.unreachable(offer, unreachable);
            return null;
        }
    }

    /** One caller's search for room. */
    private final class Search {
        private long unusableSince = System.nanoTime();
        private long askedAt = unusableSince;
        private int unreachable;

        /** A place with a slot for the caller; null if there was none for a moment, or none is wanted. */
        @Nullable
        Place next(BooleanSupplier wanted) {
            if (node.isClosed()) {
                throw new ClusterUnavailableException("no worker process of \"" + pool.name()
                        + "\" can be started: this program has left the cluster");
            }
            Place place = node.places().take();
            if (place == null) {
                look();
                rest(wanted);
            }
            return place;
        }

        private void look() {
            long now = System.nanoTime();
            if (node.places().areUsable()) {
                unusableSince = now;
            } else if (now - unusableSince > PATIENCE_NANOS) {
                throw new ClusterUnavailableException(nobody());
            }
            if (now - askedAt > ASK_NANOS) {
                askedAt = now;
                node.askSilent();
            }
        }

        private String nobody() {
            StringBuilder text = new StringBuilder("no member of the cluster can run a worker process of \"")
                    .append(pool.name())
                    .append("\". Looked for 10 s at ")
                    .append(node.settings().seeds());
            node.places().conflicts().forEach(conflict -> text.append("; ").append(conflict));
            return text.toString();
        }

        private void rest(BooleanSupplier wanted) {
            try {
                node.places().await(LOOK_MILLIS);
            } catch (InterruptedException look) {
                Thread.currentThread().interrupt(); // it may be what the caller looks at
                if (wanted.getAsBoolean()) {
                    Thread.interrupted(); // meant for something that is over
                }
            }
        }

        void unreachable(ControlMessage.Offer offer, IOException reason) throws IOException {
            unreachable++;
            String what = "the data port " + offer.host() + ":" + offer.dataPort() + " of " + offer.name()
                    + " cannot be reached: " + reason.getMessage();
            LOG.log(System.Logger.Level.WARNING, what);
            if (unreachable == MOST_UNREACHABLE) {
                throw new IOException(what, reason);
            }
        }
    }
}
