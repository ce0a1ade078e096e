package lox.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lox.sync.Workers;
import lox.sync.internal.time.Timer;
import org.jgroups.JChannel;

/**
 * Members on this machine, for a first try and for tests: each a JVM of its own that listens on the loopback address,
 * at ports that are free. They end when this object is closed, or this JVM ends in whatever way.
 *
 * <pre>{@code
 * try (LocalMembers members = LocalMembers.start(3, 2);
 *         Cluster cluster = members.join();
 *         Workers six = Workers.processes(6).on(cluster).build()) {
 *     System.out.println(Lox.on(six, String::length).gather(List.of("one", "three")));
 * }
 * }</pre>
 *
 * <p>Safe for use from many threads.
 */
public final class LocalMembers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final int TOKEN_BYTES = 24;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(120); // a hundred times what it takes
    private static final Pattern READY = Pattern.compile("lox member ready, control port (\\d+), data port (\\d+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String token;
    private final int slots;
    private final List<Process> processes = new ArrayList<>(); // guarded by this
    private final List<String> seeds = new ArrayList<>(); // guarded by this
    private final List<Integer> dataPorts = new ArrayList<>(); // guarded by this

    private LocalMembers(int slots) {
        byte[] secret = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(secret);
        this.token = Base64.getEncoder().encodeToString(secret);
        this.slots = slots;
    }

    /**
     * Starts members, and waits until they are ready; two minutes for each at most.
     *
     * @param members how many, 1 or more
     * @param slots how many workers each of them runs at once, 1 or more
     * @return the members
     * @throws IllegalArgumentException if one of the numbers is less than 1
     * @throws UncheckedIOException if one cannot be started; then none is left
     */
    public static LocalMembers start(int members, int slots) {
        if (members < 1 || slots < 1) {
            throw new IllegalArgumentException(
                    "members and slots must be 1 or more, but were " + members + " and " + slots);
        }
        LocalMembers started = new LocalMembers(slots);
        boolean areReady = false;
        try {
            started.add(); // the first alone: nobody is to wait for nobody
            List<Process> others = new ArrayList<>();
            for (int i = 1; i < members; i++) {
                others.add(started.launch());
            }
            others.forEach(started::finish);
            areReady = true;
            return started;
        } finally {
            if (!areReady) {
                started.close();
            }
        }
    }

    /**
     * Starts another member, and waits until it is ready; two minutes at most.
     *
     * @return its process, which may be ended in any way
     * @throws UncheckedIOException if it cannot be started
     */
    public Process add() {
        Process process = launch();
        finish(process);
        return process;
    }

    private synchronized Process launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                classPath(),
                LoxMember.class.getName()));
        command.addAll(List.of("--bind", "127.0.0.1:0", "--slots", Integer.toString(slots)));
        command.addAll(List.of("--name", "local-" + (processes.size() + 1)));
        command.addAll(List.of("--token-file", "-", "--until-end-of-input"));
        if (!seeds.isEmpty()) {
            command.addAll(List.of("--join", seeds()));
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            processes.add(process);
            Writer input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            input.write(token + "\n");
            input.flush(); // left open: its end is the member's
            return process;
        } catch (IOException failed) {
            throw unstarted(failed);
        }
    }

    private void finish(Process process) {
        try {
            Matcher ready = awaitReady(process, READY_NANOS);
            synchronized (this) {
                seeds.add("127.0.0.1:" + ready.group(1));
                dataPorts.add(Integer.parseInt(ready.group(2)));
            }
        } catch (IOException failed) {
            throw unstarted(failed);
        }
    }

    private static UncheckedIOException unstarted(IOException failed) {
        return new UncheckedIOException("a member could not be started: " + failed.getMessage(), failed);
    }

    /** Ends the process if it is not ready in time. */
    static Matcher awaitReady(Process process, long nanos) throws IOException {
        AtomicBoolean late = new AtomicBoolean(); // known before the process ends, unlike the end of the timer's job
        Future<?> limit = Timer.afterElsewhere(
                () -> {
                    late.set(true);
                    process.destroyForcibly();
                },
                nanos);
        IOException closed = null;
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.matches()) {
                    return ready;
                }
            }
        } catch (IOException failed) {
            if (!late.get()) {
                throw failed;
            }
            closed = failed; // by the end of the process, which can come before the first line is read
        } finally {
            limit.cancel(false);
        }
        throw new IOException(
                late.get()
                        ? "it was not ready within " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s"
                        : "it has ended before it was ready",
                closed);
    }

    /** lox's modules and JGroups, and nothing of this program's: its classes come from the program. */
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(LoxMember.class, Workers.class, JChannel.class)) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            if (source == null) {
                return System.getProperty("java.class.path");
            }
            try {
                places.add(Path.of(source.getLocation().toURI()).toString());
            } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException noFile) {
                return System.getProperty("java.class.path"); // a jar in a jar, whose launcher knows how to read it
            }
        }
        return String.join(java.io.File.pathSeparator, places);
    }

    /**
     * Where they are.
     *
     * @return as {@link Cluster#join} takes it
     */
    public synchronized String seeds() {
        return String.join(",", seeds);
    }

    synchronized List<Integer> dataPorts() {
        return List.copyOf(dataPorts);
    }

    /**
     * The secret that they share.
     *
     * @return as {@link Cluster#join} takes it
     */
    public String token() {
        return token;
    }

    /**
     * Their processes, in the order of their names: local-1, local-2 and so on.
     *
     * @return a snapshot; each may be ended in any way
     */
    public synchronized List<Process> processes() {
        return List.copyOf(processes);
    }

    /**
     * Joins them.
     *
     * @return the cluster, to be closed by the caller, before these members
     */
    public Cluster join() {
        return Cluster.join(seeds(), token);
    }

    /**
     * Ends them at once, with their workers; one that has not ended within three seconds, or when the caller is
     * interrupted, is killed. Closing twice has no effect.
     */
    @Override
    public void close() {
        List<Process> all = processes();
        all.forEach(LocalMembers::endInput);
        long end = System.nanoTime() + END_NANOS;
        try {
            for (Process process : all) {
                process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            all.forEach(Process::destroyForcibly);
        }
    }

    private static void endInput(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            LOG.log(System.Logger.Level.DEBUG, "a member has ended before", ended);
        }
    }
}
