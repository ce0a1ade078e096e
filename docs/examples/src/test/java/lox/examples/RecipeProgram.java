package lox.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A program of {@code lox.examples.recipes}. A page of docs/recipes shows it whole, but for its package and the comment on its class.
 * The file is the original. {@link #main} copies all of them to the pages.
 *
 * @param name the class
 * @param lines what a page shows
 */
record RecipeProgram(String name, List<String> lines) {
    static List<RecipeProgram> all() throws IOException {
        List<RecipeProgram> programs = new ArrayList<>();
        for (Path file : ProjectFiles.recipePrograms()) {
            programs.add(new RecipeProgram(
                    file.getFileName().toString().replace(".java", ""), shown(Files.readAllLines(file))));
        }
        return programs;
    }

    private static List<String> shown(List<String> file) {
        List<String> lines = new ArrayList<>(file.subList(2, file.size())); // without the package and an empty line
        int comment = lines.indexOf("/**");
        if (comment >= 0) {
            lines.subList(comment, lines.indexOf(" */") + 1).clear();
        } else {
            lines.removeIf(line -> line.startsWith("/**"));
        }
        return lines;
    }

    /**
     * Brings the pages up to date after programs have changed: replaces each block that shows a program of this name.
     *
     * @param args none are read
     * @throws IOException if a page cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        List<RecipeProgram> programs = all();
        for (Path page : ProjectFiles.recipes()) {
            List<String> lines = new ArrayList<>(Files.readAllLines(page));
            List<Sample> samples = new ArrayList<>(Sample.in(page));
            Collections.reverse(samples); // the last one first, so that the lines of the others stay where they are
            for (Sample sample : samples) {
                programs.stream()
                        .filter(program -> sample.program() && program.name().equals(sample.className()))
                        .forEach(program -> {
                            List<String> block = lines.subList(
                                    sample.line(), sample.line() + sample.code().size());
                            block.clear();
                            block.addAll(program.lines());
                        });
            }
            Files.write(page, lines);
        }
    }
}
