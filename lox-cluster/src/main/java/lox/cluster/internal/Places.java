package lox.cluster.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/** All other nodes of the cluster, and which of them has room for a worker. Safe for use from many threads. */
final class Places {
    private static final long LEAST_WAIT_NANOS = 1_000_000;

    private final Map<Address, Place> places = new LinkedHashMap<>(); // guarded by this
    private Runnable onChange = () -> {}; // guarded by this

    /** Sets what hears that {@link #members} may have changed; it is run with the lock, and must not wait. */
    synchronized void whenChanged(Runnable action) {
        onChange = action;
    }

    /** What waits looks again, and so does who wants to know the members. */
    private void changed() {
        notifyAll();
        onChange.run();
    }

    /** Takes who is there. Returns those that are new. */
    synchronized List<Address> update(Set<Address> others) {
        places.keySet().retainAll(others);
        List<Address> news = new ArrayList<>();
        for (Address other : others) {
            if (!places.containsKey(other)) {
                places.put(other, new Place(other));
                news.add(other);
            }
        }
        changed();
        return news;
    }

    synchronized void offered(Address from, ControlMessage.Offer offer) {
        Place place = places.get(from);
        if (place != null) {
            place.offered(offer);
            changed();
        }
    }

    synchronized void mayHaveRoom(Address from) {
        Place place = places.get(from);
        if (place != null) {
            place.mayHaveRoom();
            notifyAll();
        }
    }

    synchronized void full(Place place) {
        place.full();
    }

    synchronized void suspect(Place place) {
        place.suspect();
    }

    synchronized boolean isLeaving(Place place) {
        ControlMessage.Offer offer = place.offer();
        return offer != null && offer.isDraining();
    }

    synchronized boolean isThere(Place place) {
        return places.get(place.address()) == place;
    }

    /** Takes a slot of the place of which the smallest part is used; null if none has room. */
    synchronized @Nullable Place take() {
        Place best = places.values().stream()
                .filter(Place::hasRoom)
                .min(Comparator.comparingDouble(Place::load))
                .orElse(null);
        if (best != null) {
            best.take();
            onChange.run();
        }
        return best;
    }

    synchronized void giveBack(Place place) {
        place.giveBack();
        changed();
    }

    /** Waits until one has room, or for a while. */
    synchronized void await(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        long end = System.nanoTime() + nanos;
        for (long left = nanos;
                left > 0 && places.values().stream().noneMatch(Place::hasRoom);
                left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, LEAST_WAIT_NANOS));
        }
    }

    /** Whether there is a member that can be used, now or when it has room. */
    synchronized boolean areUsable() {
        return places.values().stream().anyMatch(Place::isUsable);
    }

    /** Those that have not answered. */
    synchronized List<Address> silent() {
        return addresses(place -> !place.isAnswering());
    }

    /** Members that cannot be used, each with the reason. */
    synchronized List<String> conflicts() {
        List<String> conflicts = new ArrayList<>();
        for (Place place : places.values()) {
            String conflict = place.findConflict();
            if (conflict != null) {
                conflicts.add(conflict);
            }
        }
        return conflicts;
    }

    /** Those that have made an offer: as they are now, with how many of their slots this program uses. */
    synchronized Map<ControlMessage.Offer, Integer> members() {
        Map<ControlMessage.Offer, Integer> members = new LinkedHashMap<>();
        for (Place place : places.values()) {
            ControlMessage.Offer offer = place.offer();
            if (offer != null) {
                members.put(offer, place.used());
            }
        }
        return members;
    }

    private List<Address> addresses(Predicate<Place> condition) {
        return places.values().stream().filter(condition).map(Place::address).toList();
    }
}
