package lox.cluster.internal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.security.MessageDigest;
import org.jgroups.Message;
import org.jgroups.auth.AuthToken;

/**
 * What JGroups asks of a node that wants to join. Public, with a public constructor, since JGroups makes it by its
 * name.
 */
public final class JoinToken extends AuthToken {
    private static final int MOST_BYTES = 1024;

    private byte[] proof;

    /** For JGroups, which reads it then. */
    public JoinToken() {
        this(new byte[0]);
    }

    JoinToken(byte[] proof) {
        this.proof = proof.clone();
    }

    @Override
    public String getName() {
        return JoinToken.class.getName();
    }

    @Override
    public boolean authenticate(AuthToken other, Message message) {
        return other instanceof JoinToken token && MessageDigest.isEqual(token.proof, proof);
    }

    @Override
    public int size() {
        return Integer.BYTES + proof.length;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(proof.length);
        out.write(proof);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        proof = Text.readBytes(in, MOST_BYTES);
    }
}
