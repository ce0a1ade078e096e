package lox.cluster.internal;

import java.util.Objects;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/** A node of the cluster, as a program sees it: a member once it has made an offer. The directory's lock guards it. */
final class Place {
    private final Address address;
    private ControlMessage.@Nullable Offer offer;
    private int used;
    private boolean isFull; // said so itself: other programs use it
    private boolean isSuspected; // has not answered, and has to before it is used again

    Place(Address address) {
        this.address = address;
    }

    Address address() {
        return address;
    }

    ControlMessage.@Nullable Offer offer() {
        return offer;
    }

    /** What it is called in messages. */
    String name() {
        ControlMessage.Offer known = offer;
        return known == null ? address.toString() : known.name();
    }

    ControlMessage.Offer knownOffer() {
        return Objects.requireNonNull(offer, "offer");
    }

    void offered(ControlMessage.Offer latest) {
        offer = latest;
        isSuspected = false;
        isFull = false;
    }

    void suspect() {
        isSuspected = true;
    }

    void full() {
        isFull = true;
    }

    void mayHaveRoom() {
        isFull = false;
    }

    void take() {
        used++;
    }

    void giveBack() {
        used--;
    }

    int used() {
        return used;
    }

    boolean isAnswering() {
        return offer != null && !isSuspected;
    }

    /** Whether a worker may run there, now or when there is room. */
    boolean isUsable() {
        ControlMessage.Offer known = offer;
        return known != null && !isSuspected && !known.isDraining() && Build.OWN.findConflict(known.build()) == null;
    }

    boolean hasRoom() {
        return isUsable() && !isFull && used < knownOffer().slots();
    }

    /** How much of it this program uses, from 0 to 1. */
    double load() {
        return (double) used / knownOffer().slots();
    }

    /** Why it cannot be used; null if it can, or has not said what it is. */
    @Nullable
    String findConflict() {
        ControlMessage.Offer known = offer;
        if (known == null) {
            return null;
        }
        if (isSuspected) {
            return known.name() + ": it does not answer";
        }
        if (known.isDraining()) {
            return known.name() + ": it is about to leave";
        }
        String conflict = Build.OWN.findConflict(known.build());
        return conflict == null ? null : known.name() + ": " + conflict;
    }
}
