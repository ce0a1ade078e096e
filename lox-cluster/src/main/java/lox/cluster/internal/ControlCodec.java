package lox.cluster.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import lox.sync.spi.host.LaunchOptions;
import org.jspecify.annotations.Nullable;

/** Writes and reads control messages: numbers and texts, never objects. */
final class ControlCodec {
    private static final byte WHO = 1;
    private static final byte OFFER = 2;
    private static final byte OPEN = 3;
    private static final byte ACCEPTED = 4;
    private static final byte OPENED = 5;
    private static final byte REFUSED = 6;
    private static final byte KILL = 7;
    private static final byte WANTED_BACK = 8;
    private static final byte SLOT_FREE = 9;

    private ControlCodec() {}

    static byte[] write(ControlMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(message, new DataOutputStream(bytes));
        } catch (IOException impossible) { // into memory
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(ControlMessage message, DataOutputStream out) throws IOException {
        if (message instanceof ControlMessage.Who) {
            out.writeByte(WHO);
        } else if (message instanceof ControlMessage.Offer offer) {
            out.writeByte(OFFER);
            Text.write(out, offer.name());
            Text.write(out, offer.host());
            out.writeInt(offer.dataPort());
            out.writeInt(offer.slots());
            Text.write(out, offer.build().lox());
            out.writeInt(offer.build().java());
            out.writeBoolean(offer.isDraining());
        } else if (message instanceof ControlMessage.Open open) {
            out.writeByte(OPEN);
            out.writeInt(open.id());
            Text.write(out, open.pool());
            out.writeInt(open.number());
            out.writeLong(open.lookNanos());
            writeLaunch(open.launch(), out);
        } else if (message instanceof ControlMessage.Accepted accepted) {
            out.writeByte(ACCEPTED);
            out.writeInt(accepted.id());
        } else if (message instanceof ControlMessage.Opened opened) {
            out.writeByte(OPENED);
            out.writeInt(opened.id());
            out.writeLong(opened.pid());
            out.write(opened.ticket());
        } else if (message instanceof ControlMessage.Refused refused) {
            out.writeByte(REFUSED);
            out.writeInt(refused.id());
            out.writeBoolean(refused.isForLackOfSlots());
            refused.ending().writeTo(out);
        } else if (message instanceof ControlMessage.Kill kill) {
            out.writeByte(KILL);
            out.writeInt(kill.id());
        } else if (message instanceof ControlMessage.WantedBack wanted) {
            out.writeByte(WANTED_BACK);
            out.writeInt(wanted.id());
        } else {
            out.writeByte(SLOT_FREE);
        }
    }

    /**
     * Reads a message.
     *
     * @throws IOException if it is none
     */
    static ControlMessage read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        byte kind = in.readByte();
        return switch (kind) {
            case WHO -> new ControlMessage.Who();
            case OFFER ->
                new ControlMessage.Offer(
                        Text.read(in),
                        Text.read(in),
                        in.readInt(),
                        in.readInt(),
                        new Build(Text.read(in), in.readInt()),
                        in.readBoolean());
            case OPEN ->
                new ControlMessage.Open(in.readInt(), Text.read(in), in.readInt(), in.readLong(), readLaunch(in));
            case ACCEPTED -> new ControlMessage.Accepted(in.readInt());
            case OPENED -> new ControlMessage.Opened(in.readInt(), in.readLong(), readTicket(in));
            case REFUSED -> new ControlMessage.Refused(in.readInt(), in.readBoolean(), WorkerEnding.readFrom(in));
            case KILL -> new ControlMessage.Kill(in.readInt());
            case WANTED_BACK -> new ControlMessage.WantedBack(in.readInt());
            case SLOT_FREE -> new ControlMessage.SlotFree();
            default -> throw new IOException("there is no message " + kind);
        };
    }

    private static byte[] readTicket(DataInput in) throws IOException {
        byte[] ticket = new byte[Tickets.BYTES];
        in.readFully(ticket);
        return ticket;
    }

    private static void writeLaunch(LaunchOptions launch, DataOutput out) throws IOException {
        Text.writeAll(out, launch.jvmArgs());
        Text.write(out, launch.java() == null ? "" : launch.java().toString());
        Text.writeAll(out, launch.env().keySet());
        Text.writeAll(out, launch.env().values());
        Text.writeAll(out, launch.withoutEnv());
        Text.write(
                out,
                launch.workingDirectory() == null
                        ? ""
                        : launch.workingDirectory().toString());
        out.writeLong(launch.maxHeapBytes());
    }

    private static LaunchOptions readLaunch(DataInput in) throws IOException {
        List<String> jvmArgs = Text.readAll(in);
        Path java = path(Text.read(in));
        List<String> names = Text.readAll(in);
        List<String> values = Text.readAll(in);
        if (names.size() != values.size()) {
            throw new IOException("a message has " + names.size() + " variables and " + values.size() + " values");
        }
        Map<String, String> env = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            env.put(names.get(i), values.get(i));
        }
        return new LaunchOptions(
                jvmArgs, java, env, new LinkedHashSet<>(Text.readAll(in)), path(Text.read(in)), in.readLong());
    }

    private static @Nullable Path path(String text) throws IOException {
        try {
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException otherFileSystem) {
            throw new IOException("\"" + text + "\" is no path on this machine", otherFileSystem);
        }
    }
}
