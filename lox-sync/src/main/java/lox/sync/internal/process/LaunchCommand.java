package lox.sync.internal.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lox.sync.spi.host.LaunchOptions;
import org.jspecify.annotations.Nullable;

/**
 * The command that starts a child JVM: the parent's {@code java}, and an argument file, so that no class path is too
 * long for the operating system. There is nothing secret in it. Immutable; serves every child of a pool.
 */
final class LaunchCommand {
    static final String ARGUMENT_FILE = "arguments";

    /** What they say is among the parent's own arguments, so children get what is inherited of those. */
    private static final List<String> TOOL_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC");
    private static final String ERROR_FILE = "-XX:ErrorFile=";

    private final LaunchOptions options;
    private final Path java;
    private final Path argumentFile;
    private final boolean needsUtf8;

    private LaunchCommand(LaunchOptions options, Path java, Path argumentFile, boolean needsUtf8) {
        this.options = options;
        this.java = java;
        this.argumentFile = argumentFile;
        this.needsUtf8 = needsUtf8;
    }

    /**
     * Writes the argument file.
     *
     * @param origin whose program the children run
     * @param directory gets the file, which is needed as long as children are started; the owner may delete it with the
     *     directory
     */
    static LaunchCommand of(ProgramOrigin origin, LaunchOptions options, Path directory) throws IOException {
        return of(origin, options, directory, InheritedPath.MAIN);
    }

    static LaunchCommand of(LaunchOptions options, Path directory) throws IOException {
        return of(ProgramOrigin.THIS_JVM, options, directory);
    }

    static LaunchCommand of(LaunchOptions options, Path directory, String mainClass) throws IOException {
        return of(ProgramOrigin.THIS_JVM, options, directory, mainClass);
    }

    private static LaunchCommand of(ProgramOrigin origin, LaunchOptions options, Path directory, String mainClass)
            throws IOException {
        Path java = java(options);
        List<String> arguments = new ArrayList<>();
        if (!namesCollector(options)) {
            arguments.add("-XX:+UseSerialGC"); // a third of the memory and of the start-up time of the others
        }
        arguments.addAll(safepointsInLoops());
        arguments.add("-XX:+DisplayVMOutputToStderr"); // where crashes are looked for; else some words come on stdout
        arguments.addAll(performanceCounters());
        arguments.addAll(origin.options());
        for (String stream : List.of("stdout", "stderr")) {
            arguments.add("-D" + stream + ".encoding=UTF-8");
            arguments.add("-Dsun." + stream + ".encoding=UTF-8"); // its name before Java 19
        }
        arguments.addAll(origin.path(directory));
        if (options.maxHeapBytes() > 0) {
            arguments.add("-Xmx" + options.maxHeapBytes());
        }
        arguments.addAll(options.jvmArgs());
        arguments.addAll(origin.start(mainClass));
        Path file = directory.resolve(ARGUMENT_FILE);
        List<String> lines = arguments.stream().map(LaunchCommand::quoted).toList();
        Charset charset = charset();
        CharsetEncoder encoder = charset.newEncoder();
        boolean needsUtf8 = !lines.stream().allMatch(encoder::canEncode);
        Files.write(file, lines, needsUtf8 ? StandardCharsets.UTF_8 : charset);
        return new LaunchCommand(options, java, file, needsUtf8);
    }

    /**
     * A JVM ends when all threads have come to a safepoint, which the serial and the parallel collector leave out of
     * counted loops. With it, as the other collectors have it, a child ends as soon as its parent has, whatever it
     * does.
     */
    private static List<String> safepointsInLoops() {
        return System.getProperty("java.vm.name", "")
                        .contains("Server VM") // else there is no compiler that knows these
                ? List.of("-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000")
                : List.of();
    }

    /**
     * With its counters, a JVM is there for {@code jps}. Before Java 25 it also samples them, every 50 ms by default,
     * which costs an idle child more than all else. Children run the parent's version of Java.
     */
    private static List<String> performanceCounters() {
        return Runtime.version().feature() < 25
                ? List.of("-XX:+UsePerfData", "-XX:PerfDataSamplingInterval=3600000")
                : List.of("-XX:+UsePerfData");
    }

    private static Path java(LaunchOptions options) throws IOException {
        Path chosen = options.java();
        if (chosen != null) {
            if (!Files.isRegularFile(chosen)) {
                throw new IOException("the javaExecutable of its workers, " + chosen + ", is not there");
            }
            return chosen.toAbsolutePath(); // children may run in another directory
        }
        String name = File.separatorChar == '\\' ? "java.exe" : "java";
        Path own = Path.of(System.getProperty("java.home"), "bin", name);
        if (!Files.isRegularFile(own)) {
            throw new IOException(
                    "this JVM's runtime image has no " + own
                            + ". Name the java command of a JDK of the same version: Workers.processes(n).javaExecutable(path)");
        }
        return own;
    }

    /** Two collectors at once are an error, even if one of them comes from the environment. */
    private static boolean namesCollector(LaunchOptions options) {
        List<String> texts = new ArrayList<>(options.jvmArgs());
        for (String variable : TOOL_VARIABLES) {
            String own = options.env().get(variable);
            if (own != null) {
                texts.add(own);
            }
        }
        return texts.stream().anyMatch(text -> COLLECTOR.matcher(text).find());
    }

    /**
     * A process to start: standard streams are pipes.
     *
     * @param arguments for the main method
     */
    ProcessBuilder toProcessBuilder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("@" + argumentFile);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        TOOL_VARIABLES.forEach(environment::remove);
        if (needsUtf8) { // in the POSIX locale, say, a JVM takes letters beyond ASCII in its arguments for none
            environment.put("LC_ALL", "C.UTF-8");
        }
        options.withoutEnv().forEach(environment::remove);
        environment.putAll(options.env());
        Path workingDirectory = options.workingDirectory();
        if (workingDirectory != null) {
            builder.directory(workingDirectory.toFile());
        }
        return builder;
    }

    /** Whether its argument file is still there. */
    boolean isThere() {
        return Files.isReadable(argumentFile);
    }

    /**
     * Whether a process was started by this command.
     *
     * @param argument its argument for the main method
     */
    boolean isOf(ProcessHandle process, String argument) {
        List<String> arguments = process.info().arguments().map(List::of).orElseGet(List::of);
        return arguments.contains("@" + argumentFile) && arguments.contains(argument);
    }

    /**
     * What the JVM wrote about its crash.
     *
     * @param pid of a child that has ended
     * @return the file if there is one
     */
    @Nullable
    Path errorFile(long pid) {
        List<Path> places = new ArrayList<>();
        Path directory = options.workingDirectory() == null ? Path.of("") : options.workingDirectory();
        for (String argument : options.jvmArgs()) {
            if (argument.startsWith(ERROR_FILE)) {
                String name = argument.substring(ERROR_FILE.length());
                places.add(directory.resolve(name.replace("%p", Long.toString(pid))));
            }
        }
        String usual = "hs_err_pid" + pid + ".log";
        places.add(directory.resolve(usual));
        places.add(Path.of(System.getProperty("java.io.tmpdir"), usual));
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                return place.toAbsolutePath();
            }
        }
        return null;
    }

    /** As the {@code java} command wants it in an argument file. */
    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n")
                + '"';
    }

    /**
     * The launcher takes the file's bytes as they are, so they have to be what the operating system takes for file
     * names. Where that has no way to write an argument, the child is told to take UTF-8 instead.
     */
    private static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
