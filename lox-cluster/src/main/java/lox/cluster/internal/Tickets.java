package lox.cluster.internal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Random numbers that open one data connection each, once. Safe for use from many threads.
 *
 * @param <T> what a ticket is for
 */
final class Tickets<T> {
    static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<ByteBuffer, T> open = new ConcurrentHashMap<>();

    /** Makes a ticket. */
    byte[] issue(T purpose) {
        byte[] ticket = new byte[BYTES];
        RANDOM.nextBytes(ticket);
        open.put(ByteBuffer.wrap(ticket.clone()), purpose);
        return ticket;
    }

    /** Takes a ticket. Null if there is no such, or it was taken before. */
    @Nullable
    T redeem(byte[] ticket) {
        return open.remove(ByteBuffer.wrap(ticket));
    }

    /** Takes back a ticket that nobody has come with. */
    void revoke(byte[] ticket) {
        open.remove(ByteBuffer.wrap(ticket));
    }
}
