package lox.cluster.internal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's process has ended, on its way from the member to the program.
 *
 * @param what what happened if no process came into being; else empty
 * @param exitCode its exit code, or nothing if no process came into being
 * @param started how many tasks it had started
 * @param errorOutput the last lines of its standard error
 * @param errorFile the path of its {@code hs_err} file on the member, or empty
 */
record WorkerEnding(String what, OptionalInt exitCode, long started, List<String> errorOutput, String errorFile) {
    static WorkerEnding of(WorkerCrashedException crash, long started) {
        return new WorkerEnding(
                crash.exitCode().isPresent() ? "" : String.valueOf(crash.getMessage()),
                crash.exitCode(),
                started,
                crash.errorOutput(),
                crash.errorFile().map(Path::toString).orElse(""));
    }

    static WorkerEnding ofNone(String what) {
        return new WorkerEnding(what, OptionalInt.empty(), 0, List.of(), "");
    }

    /** As an exception of this JVM's. */
    WorkerCrashedException toException(String sentence, String member) {
        if (exitCode.isEmpty()) {
            return new WorkerCrashedException(sentence + ": " + what, null);
        }
        return new WorkerCrashedException(sentence, exitCode.getAsInt(), errorOutput, file(member));
    }

    private @Nullable Path file(String member) {
        try {
            return errorFile.isEmpty() ? null : Path.of(member + ":" + errorFile);
        } catch (InvalidPathException otherFileSystem) { // where a colon is no part of a name
            return null;
        }
    }

    void writeTo(DataOutput out) throws IOException {
        Text.write(out, what);
        out.writeBoolean(exitCode.isPresent());
        out.writeInt(exitCode.orElse(0));
        out.writeLong(started);
        Text.writeAll(out, errorOutput);
        Text.write(out, errorFile);
    }

    static WorkerEnding readFrom(DataInput in) throws IOException {
        String what = Text.read(in);
        boolean hasExitCode = in.readBoolean();
        int exitCode = in.readInt();
        long started = in.readLong();
        List<String> lines = Text.readAll(in);
        return new WorkerEnding(
                what, hasExitCode ? OptionalInt.of(exitCode) : OptionalInt.empty(), started, lines, Text.read(in));
    }
}
