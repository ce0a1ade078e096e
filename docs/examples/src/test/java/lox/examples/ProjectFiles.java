package lox.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the project's documentation, from whichever of its folders the tests are started in. */
final class ProjectFiles {
    private static final String RECIPES = "docs/recipes";

    private ProjectFiles() {}

    static Path root() {
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("lox-sync"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests do not run inside the project");
            }
        }
        return folder;
    }

    /** The pages of the root that have samples, and everything in docs that is Markdown. */
    static List<Path> documentation() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(root().resolve("README.md"));
        files.add(root().resolve("CONTRIBUTING.md"));
        files.add(root().resolve("SECURITY.md"));
        for (String folder : List.of("docs", "docs/decisions", RECIPES)) {
            files.addAll(in(folder, ".md"));
        }
        return files;
    }

    /** The records of decisions, in the order of their numbers. */
    static List<Path> decisions() throws IOException {
        return in("docs/decisions", ".md").stream().sorted().toList();
    }

    /** The pages of docs/recipes. */
    static List<Path> recipes() throws IOException {
        return in(RECIPES, ".md");
    }

    /** The programs that the pages of docs/recipes show. */
    static List<Path> recipePrograms() throws IOException {
        return in("docs/examples/src/main/java/lox/examples/recipes", ".java").stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .toList();
    }

    /** The names of the library's classes, nested ones excepted. */
    static Set<String> classes() throws IOException {
        Set<String> classes = new HashSet<>();
        for (String module : List.of("lox-sync", "lox-reactor", "lox-rxjava", "lox-cluster")) {
            try (Stream<Path> files = Files.walk(root().resolve(module + "/src/main/java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.replace(".java", "")));
            }
        }
        return classes;
    }

    private static List<Path> in(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(root().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
