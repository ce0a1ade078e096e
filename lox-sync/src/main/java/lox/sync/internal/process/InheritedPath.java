package lox.sync.internal.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a child JVM finds its classes: the parent's class path and module path, and the directories and jars of the
 * class loaders that lox itself came through, for programs whose launcher has a loader of its own. What is in none of
 * these the child asks of the parent, see {@link ParentClassLoader}.
 */
final class InheritedPath {
    static final String MAIN = "lox.sync.internal.process.WorkerMain";
    private static final String OWN_FILE = "lox/sync/internal/process/InheritedPath.class";

    private InheritedPath() {}

    /**
     * The options of the {@code java} command, the main class not included.
     *
     * @param directory where lox's own classes are put if the child could not find them otherwise
     */
    static List<String> options(Path directory) {
        List<String> options = new ArrayList<>();
        String modulePath = System.getProperty("jdk.module.path", "");
        if (!modulePath.isEmpty()) {
            options.add("--module-path=" + String.join(File.pathSeparator, absolute(modulePath)));
        }
        if (!modulePath.isEmpty() || InheritedPath.class.getModule().isNamed()) { // which may lie in the runtime image
            options.add("--add-modules=" + bootModules());
        }
        Collection<String> classPath = classPath(directory);
        if (!classPath.isEmpty()) {
            options.add("-classpath");
            options.add(String.join(File.pathSeparator, classPath));
        }
        return options;
    }

    /**
     * The same for a child that has lox-sync and nothing else.
     *
     * @param directory where a copy of lox's own classes is put
     */
    static List<String> optionsOfLoxAlone(Path directory) {
        return List.of(
                "-classpath",
                copyOfLox(directory, InheritedPath.class.getClassLoader()).toString());
    }

    /** How the {@code java} command is told what to start. */
    static List<String> start(String mainClass) {
        Module own = InheritedPath.class.getModule();
        return own.isNamed() ? List.of("-m", own.getName() + "/" + mainClass) : List.of(mainClass);
    }

    private static String bootModules() {
        Stream<String> ofSignals = // see WorkerMain
                ModuleFinder.ofSystem()
                        .find("jdk.unsupported")
                        .map(ModuleReference::descriptor)
                        .map(ModuleDescriptor::name)
                        .stream();
        return Stream.concat(
                        ModuleLayer.boot().configuration().modules().stream().map(ResolvedModule::name), ofSignals)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static Collection<String> classPath(Path directory) {
        Set<String> path = new LinkedHashSet<>(absolute(System.getProperty("java.class.path", "")));
        if (ClassLoader.getSystemClassLoader().getResource(OWN_FILE) != null
                || InheritedPath.class.getModule().isNamed()) {
            return path;
        }
        ClassLoader own = InheritedPath.class.getClassLoader();
        for (ClassLoader loader = own; loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                addFiles(urls.getURLs(), path);
            }
        }
        Path place = file(
                InheritedPath.class.getProtectionDomain().getCodeSource() == null
                        ? null
                        : InheritedPath.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation());
        if (place != null) {
            path.add(place.toString());
        } else {
            path.add(copyOfLox(directory, own).toString());
        }
        return path;
    }

    private static Path copyOfLox(Path directory, @Nullable ClassLoader own) {
        try {
            return BootClasses.writeTo(directory, own == null ? ClassLoader.getSystemClassLoader() : own);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("lox's own classes cannot be copied for a worker process", unreadable);
        }
    }

    private static void addFiles(URL[] urls, Set<String> path) {
        for (URL url : urls) {
            Path file = file(url);
            if (file != null) {
                path.add(file.toString());
            }
        }
    }

    /** Null for what is no file or directory by itself, such as a jar in a jar. */
    private static @Nullable Path file(@Nullable URL url) {
        if (url == null || !url.getProtocol().equals("file")) {
            return null;
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException notAFile) {
            return null;
        }
    }

    /** The child may run in another directory. */
    private static List<String> absolute(String path) {
        return path.isEmpty()
                ? List.of()
                : Arrays.stream(path.split(File.pathSeparator, -1))
                        .map(InheritedPath::absoluteEntry)
                        .toList();
    }

    private static String absoluteEntry(String entry) {
        try {
            return Path.of(entry).toAbsolutePath().toString();
        } catch (InvalidPathException unspeakable) { // in this JVM's encoding: then it is not found here, either
            return entry;
        }
    }
}
