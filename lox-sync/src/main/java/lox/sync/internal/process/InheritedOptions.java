package lox.sync.internal.process;

import java.lang.management.ManagementFactory;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lox.sync.internal.time.OwnThreads;

/**
 * The options of the parent's JVM that a child has to have too, for the same code to mean the same: modules, what they
 * open, system properties, assertions, stack size, locale, encoding. Not memory, collector, agents, debugger and other
 * tools: a child that waits for the parent's debugger port would never start.
 */
final class InheritedOptions {
    private static final List<String> INHERITED = List.of(
            "--add-opens=",
            "--add-exports=",
            "--add-reads=",
            "--add-modules=",
            "--limit-modules=",
            "--patch-module=",
            "--upgrade-module-path=",
            "--enable-native-access=",
            "--illegal-native-access=",
            "--sun-misc-unsafe-memory-access=",
            "--enable-preview",
            "--finalization=",
            "-enableassertions",
            "-disableassertions",
            "-enablesystemassertions",
            "-disablesystemassertions",
            "-ea",
            "-da",
            "-esa",
            "-dsa",
            "-Xbootclasspath/a:",
            "-Xss",
            "-D");

    private static final String TEMPORARY_FILES = "-Djava.io.tmpdir=";

    private static final List<String> OF_THE_PARENT_ALONE = List.of(
            "-Djava.class.path=",
            "-Djdk.module.",
            "-Dcom.sun.management.",
            "-Dsun.java.",
            "-Dlox.debug",
            "-Dlox.process.");

    /** What may name files, or modules of a module path, that another machine does not have. */
    private static final List<String> OF_THIS_MACHINE = List.of(
            "--add-modules=",
            "--limit-modules=",
            "--patch-module=",
            "--upgrade-module-path=",
            "-Xbootclasspath/a:",
            "-Djava.home=",
            "-Djava.library.path=",
            "-D" + SelectorProvider.class.getName() + "=",
            TEMPORARY_FILES);

    private InheritedOptions() {}

    static List<String> ofThisJvm() {
        List<String> options = new ArrayList<>(Ahead.PROVIDER);
        options.addAll(of(Ahead.INPUT_ARGUMENTS));
        addLanguage(options);
        return options;
    }

    /** Those of this JVM that a child on another machine has to have too. */
    static List<String> thatTravel() {
        List<String> options = new ArrayList<>();
        for (String option : of(Ahead.INPUT_ARGUMENTS)) {
            if (OF_THIS_MACHINE.stream().noneMatch(option::startsWith)) {
                options.add(option);
            }
        }
        addLanguage(options);
        return options;
    }

    /** Those that a child needs on this machine, whoever's program it runs. */
    static List<String> ofThisMachine() {
        return Ahead.PROVIDER;
    }

    private static void addLanguage(List<String> options) {
        addLocale(options, "", Locale.getDefault());
        if (!Locale.getDefault(Locale.Category.DISPLAY).equals(Locale.getDefault())) {
            addLocale(options, ".display", Locale.getDefault(Locale.Category.DISPLAY));
        }
        if (!Locale.getDefault(Locale.Category.FORMAT).equals(Locale.getDefault())) {
            addLocale(options, ".format", Locale.getDefault(Locale.Category.FORMAT));
        }
        if (Runtime.version().feature() < 18) { // from then on it is UTF-8, or an option above
            options.add("-Dfile.encoding=" + Charset.defaultCharset().name());
        }
    }

    /** Those of a JVM's own arguments that a child has to have too. */
    static List<String> of(List<String> arguments) {
        List<String> options = new ArrayList<>();
        for (String argument : arguments) {
            if (INHERITED.stream().anyMatch(argument::startsWith)
                    && OF_THE_PARENT_ALONE.stream().noneMatch(argument::startsWith)) {
                options.add(absolute(argument));
            }
        }
        return options;
    }

    /** A child may run in another directory, where a relative place for temporary files would not be. */
    private static String absolute(String argument) {
        if (argument.startsWith(TEMPORARY_FILES)) {
            try {
                return TEMPORARY_FILES
                        + Path.of(argument.substring(TEMPORARY_FILES.length())).toAbsolutePath();
            } catch (InvalidPathException unspeakable) { // with letters that the locale does not have
                return argument;
            }
        }
        return argument;
    }

    /** What never changes, and takes some twenty milliseconds each to be found. */
    private static final class Ahead {
        static final List<String> PROVIDER = findProvider();
        static final List<String> INPUT_ARGUMENTS = findInputArguments();

        /** The child would open every jar of its class path to look for one, when it connects. */
        private static List<String> findProvider() {
            Class<?> provider = SelectorProvider.provider().getClass();
            return provider.getModule() == Object.class.getModule()
                    ? List.of("-D" + SelectorProvider.class.getName() + "=" + provider.getName())
                    : List.of();
        }

        private static List<String> findInputArguments() {
            try {
                return List.copyOf(ManagementFactory.getRuntimeMXBean().getInputArguments());
            } catch (LinkageError notInThisImage) { // made by jlink without java.management
                return List.of();
            }
        }
    }

    /** Prepares what {@link #ofThisJvm} will need, in a thread of its own; the caller does not wait. */
    static void lookAhead() {
        OwnThreads.make("lox-look-ahead", InheritedOptions::ofThisJvm).start();
    }

    private static void addLocale(List<String> options, String category, Locale locale) {
        options.add("-Duser.language" + category + "=" + locale.getLanguage());
        options.add("-Duser.country" + category + "=" + locale.getCountry());
        options.add("-Duser.script" + category + "=" + locale.getScript());
        options.add("-Duser.variant" + category + "=" + locale.getVariant());
    }
}
