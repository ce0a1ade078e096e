package lox.cluster.internal;

/**
 * A member at one moment.
 *
 * @param name what it is called
 * @param host the address where its workers are reached
 * @param slots how many workers it runs at once
 * @param used how many of them are this program's
 * @param lox its version of lox
 * @param java its feature version of Java
 * @param isDraining whether it is about to leave
 */
public record MemberState(String name, String host, int slots, int used, String lox, int java, boolean isDraining) {
    static MemberState of(ControlMessage.Offer offer, int used) {
        return new MemberState(
                offer.name(),
                offer.host(),
                offer.slots(),
                used,
                offer.build().lox(),
                offer.build().java(),
                offer.isDraining());
    }
}
