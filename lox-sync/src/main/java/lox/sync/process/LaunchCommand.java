package lox.sync.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command that starts a child JVM: the parent's {@code java}, and an argument file, so that no class path is too long for the
 * operating system. There is nothing secret in it. Immutable; serves every child of a pool.
 */
final class LaunchCommand {
    private static final List<String> TOOL_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    private static final Pattern DEBUGGER = Pattern.compile("-(agentlib:jdwp|Xrunjdwp|Xdebug)\\S*");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC");
    private static final String ERROR_FILE = "-XX:ErrorFile=";

    private final LaunchOptions options;
    private final Path argumentFile;

    private LaunchCommand(LaunchOptions options, Path argumentFile) {
        this.options = options;
        this.argumentFile = argumentFile;
    }

    /**
     * Writes the argument file.
     *
     * @param directory gets the file, which is needed as long as children are started; the owner may delete it with the directory
     */
    static LaunchCommand of(LaunchOptions options, Path directory) throws IOException {
        return of(options, directory, InheritedPath.MAIN);
    }

    static LaunchCommand of(LaunchOptions options, Path directory, String mainClass) throws IOException {
        List<String> arguments = new ArrayList<>();
        if (!namesCollector(options)) {
            arguments.add("-XX:+UseSerialGC"); // a third of the memory and of the start-up time of the others
        }
        arguments.add("-XX:-UsePerfData"); // or a file stays in /tmp of every child that is killed
        arguments.addAll(InheritedOptions.ofThisJvm());
        for (String stream : List.of("stdout", "stderr")) {
            arguments.add("-D" + stream + ".encoding=UTF-8");
            arguments.add("-Dsun." + stream + ".encoding=UTF-8"); // its name before Java 19
        }
        arguments.addAll(InheritedPath.options(directory));
        if (options.maxHeapBytes() > 0) {
            arguments.add("-Xmx" + options.maxHeapBytes());
        }
        arguments.addAll(options.jvmArgs());
        arguments.addAll(InheritedPath.start(mainClass));
        Path file = directory.resolve("arguments");
        Files.write(file, arguments.stream().map(LaunchCommand::quoted).toList(), charset());
        return new LaunchCommand(options, file);
    }

    /** Two collectors at once are an error, even if one of them comes from the environment. */
    private static boolean namesCollector(LaunchOptions options) {
        List<String> texts = new ArrayList<>(options.jvmArgs());
        for (String variable : TOOL_VARIABLES) {
            String own = options.env().getOrDefault(variable, System.getenv(variable));
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
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + argumentFile);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        for (String variable : TOOL_VARIABLES) {
            environment.computeIfPresent(variable, (name, value) -> withoutDebugger(value));
        }
        environment.putAll(options.env());
        Path workingDirectory = options.workingDirectory();
        if (workingDirectory != null) {
            builder.directory(workingDirectory.toFile());
        }
        return builder;
    }

    static String withoutDebugger(String options) {
        return DEBUGGER.matcher(options).replaceAll("");
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

    /** The launcher takes the file's bytes as they are, so they have to be what the operating system takes for file names. */
    private static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
