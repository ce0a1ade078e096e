package lox.cluster.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.time.Timer;
import lox.sync.process.ClusterUnavailableException;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * A program's side of the cluster: knows the members, and what it has there. Safe for use from many threads.
 *
 * <p>Whatever a member says about a worker goes to the request or the link of that worker's id. Both are known here
 * before the member can speak of them.
 */
public final class ClusterNode implements ControlChannel.Listener, AutoCloseable {
    private final ControlChannel.Settings settings;
    private final ControlChannel channel;
    private final Places places = new Places();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, WorkerRequest> requests = new ConcurrentHashMap<>();
    private final Map<Integer, RemoteWorkerLink> links = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    private ClusterNode(NodeSettings settings) throws IOException {
        this.settings = settings.toControl();
        this.channel = ControlChannel.join(this.settings, settings.name(), this);
    }

    /**
     * Joins.
     *
     * @param settings how
     * @return the node
     * @throws BadInputException if something in the settings cannot be used
     * @throws ClusterUnavailableException if it cannot join for another reason
     */
    public static ClusterNode join(NodeSettings settings) {
        try {
            return new ClusterNode(settings);
        } catch (IOException failed) {
            throw new ClusterUnavailableException(String.valueOf(failed.getMessage()), failed);
        }
    }

    // ---- what is heard, by threads of JGroups ----------------------------------------------------------------------

    @Override
    public void membersChanged(ControlChannel heard, Set<Address> others) {
        List<Address> news = places.update(others);
        if (!news.isEmpty()) {
            Timer.elsewhere(() -> news.forEach(one -> heard.send(one, new ControlMessage.Who())));
        }
        for (WorkerRequest request : requests.values()) {
            if (!others.contains(request.place().address())) {
                request.end(new WorkerRequest.Outcome.Lost());
            }
        }
        for (RemoteWorkerLink link : links.values()) {
            if (!others.contains(link.place().address())) {
                link.lose("the member has left the cluster");
            }
        }
    }

    @Override
    public void received(ControlChannel heard, Address from, ControlMessage message) {
        if (message instanceof ControlMessage.Offer offer) {
            places.offered(from, offer);
        } else if (message instanceof ControlMessage.SlotFree) {
            places.mayHaveRoom(from);
        } else if (message instanceof ControlMessage.Accepted accepted) {
            WorkerRequest request = request(accepted.id(), from);
            if (request != null) {
                request.accepted();
            }
        } else if (message instanceof ControlMessage.Opened opened) {
            WorkerRequest request = request(opened.id(), from);
            if (request != null) {
                request.end(new WorkerRequest.Outcome.Opened(opened));
            }
        } else if (message instanceof ControlMessage.Refused refused) {
            WorkerRequest request = request(refused.id(), from);
            if (request != null) {
                if (refused.isForLackOfSlots()) {
                    places.full(request.place()); // here: the next message may be that there is room
                }
                request.end(new WorkerRequest.Outcome.Refused(refused));
            }
        } else if (message instanceof ControlMessage.WantedBack wanted) {
            WorkerRequest request = request(wanted.id(), from);
            if (request != null) {
                request.wantBack(); // before the link is looked for, which may be about to be made
            }
            RemoteWorkerLink link = links.get(wanted.id());
            if (link != null && link.place().address().equals(from)) {
                link.wantBack();
            }
        }
    }

    private @Nullable WorkerRequest request(int id, Address from) {
        WorkerRequest request = requests.get(id);
        return request != null && request.place().address().equals(from) ? request : null;
    }

    // ---- what hosts and links ask ----------------------------------------------------------------------------------

    Places places() {
        return places;
    }

    ControlChannel.Settings settings() {
        return settings;
    }

    void send(Place place, ControlMessage message) {
        channel.send(place.address(), message);
    }

    /** Asks all that have not answered again. */
    void askSilent() {
        places.silent().forEach(one -> channel.send(one, new ControlMessage.Who()));
    }

    /** Makes a request known. Returns its id. */
    int add(WorkerRequest request) {
        int id = ids.incrementAndGet();
        requests.put(id, request);
        // looked at after it can be found, so that one of both tells
        if (isClosed || !places.isThere(request.place())) {
            request.end(new WorkerRequest.Outcome.Lost());
        }
        return id;
    }

    void remove(int request) {
        requests.remove(request);
    }

    void add(int id, RemoteWorkerLink link) {
        links.put(id, link);
        if (isClosed || !places.isThere(link.place())) {
            link.lose("the member has left the cluster");
        }
        if (places.isLeaving(link.place())) {
            link.wantBack();
        }
    }

    void removeLink(int id) {
        links.remove(id);
    }

    boolean isClosed() {
        return isClosed;
    }

    // ---- users' ----------------------------------------------------------------------------------------------------

    /**
     * Makes the host of one pool.
     *
     * @param pool whose workers run on the members
     * @return the host
     */
    public WorkerHost open(WorkerHosts.Pool pool) {
        return new RemoteWorkerHost(this, pool);
    }

    /**
     * The members that have answered.
     *
     * @return what each of them offers, with how many of its slots this program uses
     */
    public List<MemberState> members() {
        return places.members().entrySet().stream()
                .map(entry -> MemberState.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Sets what hears that the members may have changed.
     *
     * @param action must not wait
     */
    public void whenMembersChange(Runnable action) {
        places.whenChanged(action);
    }

    /** Leaves. Workers that are still there are lost. */
    @Override
    public void close() {
        isClosed = true;
        requests.values().forEach(request -> request.end(new WorkerRequest.Outcome.Lost()));
        links.values().forEach(link -> link.lose("this program has left the cluster"));
        channel.close();
    }
}
