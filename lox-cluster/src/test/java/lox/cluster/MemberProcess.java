package lox.cluster;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jgroups.JChannel;

/**
 * A {@link LoxMember} with arguments of the test's.
 *
 * @param process its process; standard error is in standard output
 * @param ofData the port of its data connections, once it is ready
 */
record MemberProcess(Process process, AtomicInteger ofData) {
    private static final Pattern READY = Pattern.compile("lox member ready, control port (\\d+), data port (\\d+)");

    static MemberProcess start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    static MemberProcess start(List<String> jvmOptions, String... arguments) throws IOException {
        return start(jvmOptions, List.of(), arguments);
    }

    /** With places before the others on its class path. */
    static MemberProcess start(List<String> jvmOptions, List<String> first, String... arguments) throws IOException {
        return start(Path.of(System.getProperty("java.home")), jvmOptions, first, arguments);
    }

    /** On another JDK. */
    static MemberProcess startOn(Path javaHome, String... arguments) throws IOException {
        return start(javaHome, List.of(), List.of(), arguments);
    }

    private static MemberProcess start(Path javaHome, List<String> jvmOptions, List<String> first, String... arguments)
            throws IOException {
        List<String> places = new ArrayList<>(first);
        for (Class<?> type : List.of(LoxMember.class, lox.sync.Workers.class, JChannel.class)) {
            places.add(new File(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        List<String> command = new ArrayList<>(List.of(
                javaHome.resolve(Path.of("bin", "java")).toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, places), LoxMember.class.getName()));
        command.addAll(List.of(arguments));
        return new MemberProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start(), new AtomicInteger());
    }

    /** Waits until it is ready. Returns the port of its control connection. */
    int awaitReady() throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                ofData.set(Integer.parseInt(ready.group(2)));
                return Integer.parseInt(ready.group(1));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("it was not ready: " + said);
    }

    /** The port of its data connections, after {@link #awaitReady}. */
    int dataPort() {
        return ofData.get();
    }

    /** All that it prints until it ends. */
    String awaitOutput() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
