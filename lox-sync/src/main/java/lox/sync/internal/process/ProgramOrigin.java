package lox.sync.internal.process;

import java.nio.file.Path;
import java.util.List;

/** The JVM whose program a child JVM runs: what the child has of this JVM's options and classes. */
enum ProgramOrigin {
    /** The program of this JVM: the child gets its options, class path and module path. */
    THIS_JVM {
        @Override
        List<String> options() {
            return InheritedOptions.ofThisJvm();
        }

        @Override
        List<String> path(Path directory) {
            return InheritedPath.options(directory);
        }

        @Override
        List<String> start(String mainClass) {
            return InheritedPath.start(mainClass);
        }
    },

    /** A program on another machine: the child has lox-sync alone, and asks for all other classes over its link. */
    OTHER_MACHINE {
        @Override
        List<String> options() {
            return InheritedOptions.ofThisMachine();
        }

        @Override
        List<String> path(Path directory) {
            return InheritedPath.optionsOfLoxAlone(directory);
        }

        @Override
        List<String> start(String mainClass) {
            return List.of(mainClass);
        }
    };

    /** Options that this JVM hands down to the child. */
    abstract List<String> options();

    /**
     * Options that say where the child finds classes.
     *
     * @param directory where lox's own classes are put if the child could not find them otherwise
     */
    abstract List<String> path(Path directory);

    /** How the {@code java} command is told what to start. */
    abstract List<String> start(String mainClass);
}
