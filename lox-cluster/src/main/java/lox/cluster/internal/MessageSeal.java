package lox.cluster.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a control message comes from somebody who knows the cluster's token, member or not: JGroups delivers
 * messages of strangers, too. Without a token, TLS has to tell who is at the other end. Safe for use from many threads.
 */
final class MessageSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private final @Nullable SecretKeySpec key;

    MessageSeal(@Nullable String token) {
        this.key = token == null ? null : new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** What a node shows when it joins. The token itself does not travel. */
    byte[] proof() {
        return mac("lox-cluster-join".getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    /**
     * Puts the seal before a message.
     *
     * @param sender the bytes of the sender's address
     */
    byte[] seal(byte[] sender, byte[] message) {
        byte[] mac = mac(sender, message);
        byte[] sealed = Arrays.copyOf(mac, mac.length + message.length);
        System.arraycopy(message, 0, sealed, mac.length, message.length);
        return sealed;
    }

    /**
     * Takes the seal off.
     *
     * @throws IOException if it is not right
     */
    byte[] open(byte[] sender, byte[] sealed) throws IOException {
        int length = key == null ? 0 : BYTES;
        if (sealed.length < length) {
            throw new IOException("a message has no seal");
        }
        byte[] message = Arrays.copyOfRange(sealed, length, sealed.length);
        if (!MessageDigest.isEqual(mac(sender, message), Arrays.copyOf(sealed, length))) {
            throw new IOException("a message has the seal of another token");
        }
        return message;
    }

    private byte[] mac(byte[] sender, byte[] message) {
        if (key == null) {
            return new byte[0];
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(sender);
            return mac.doFinal(message);
        } catch (GeneralSecurityException impossible) { // every JDK has it
            throw new IllegalStateException(impossible);
        }
    }
}
