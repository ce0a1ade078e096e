package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lox as a module: child JVMs have the modules of their parent, from the module path or from the parent's runtime
 * image.
 */
class ModuleTest {
    /** Prints where a task was run: its class's module, lox's module and the Java that ran it. */
    private static final String APP = """
            package app;

            import lox.sync.*;

            public class Main {
                public record Place(String module, String lox, String home, long pid) implements java.io.Serializable {
                    static Place here() {
                        return new Place(
                                Main.class.getModule().toString(),
                                Lox.class.getModule().toString(),
                                System.getProperty("java.home"),
                                ProcessHandle.current().pid());
                    }
                }

                public static void main(String[] arguments) {
                    int factor = 3;
                    java.util.concurrent.atomic.LongAdder ended = new java.util.concurrent.atomic.LongAdder();
                    Workers two = Workers.processes(2).listeners(new lox.sync.event.TaskListener() {
                        @Override
                        public void taskEnded(
                                lox.sync.event.TaskEvent task, lox.sync.event.TaskEnd end, long ran, Throwable failure) {
                            ended.increment();
                        }
                    }).build();
                    Scatter<Integer, Integer> products = Lox.on(two, (Integer i) -> factor * i);
                    for (int i = 1; i < 4; i++) {
                        products.scatter(i);
                    }
                    Scatter<Integer, Place> places = Lox.process(1, (Integer i) -> Place.here());
                    places.scatter(0);
                    Place child = places.gather().get(0);
                    System.out.println(products.gather() + " in another process: " + (child.pid() != Place.here().pid()));
                    System.out.println(ended + " told, flight recorder: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
                    System.out.println(child.module() + ", " + child.lox() + ", in " + child.home());
                }
            }
            """;

    @TempDir
    private Path directory;

    private Path lox;
    private Path app;

    @BeforeEach
    void makeModules() throws IOException {
        lox = Files.createDirectories(directory.resolve("mods"));
        Program.loxModule(lox);
        app = Program.compile(
                directory,
                List.of("--module-path", lox.toString()),
                Map.of("module-info.java", "module app { requires lox.sync; }", "app/Main.java", APP));
    }

    private static String expected(Path home, boolean recorder) throws IOException {
        return """
                [3, 6, 9] in another process: true
                3 told, flight recorder: %s
                module app, module lox.sync, in %s
                """.formatted(recorder, home.toRealPath());
    }

    @Test
    void shouldStartChildrenFromTheModulePath() throws Exception {
        assertThat(Program.run(directory, "--module-path", lox + File.pathSeparator + app, "-m", "app/app.Main"))
                .endsWith(expected(Path.of(System.getProperty("java.home")), true));
    }

    @Test
    void shouldStartChildrenFromAnImageMadeByJlink() throws Exception {
        Path image = directory.resolve("image");
        link("--module-path", lox + File.pathSeparator + app, "--add-modules", "app", "--output", image.toString());

        assertThat(Program.run(
                        directory,
                        new ProcessBuilder(image.resolve("bin").resolve("java").toString(), "-m", "app/app.Main")))
                .endsWith(expected(image, false));
    }

    @Test
    void shouldNotLetModulesOfUsersSeeTheInside() throws Exception {
        Path file = Files.createDirectories(directory.resolve("curious")).resolve("Curious.java");
        Files.writeString(
                file, "class Curious { lox.sync.internal.pool.LanePool pool; lox.sync.spi.Dialect dialect; }");
        Path descriptor = file.resolveSibling("module-info.java");
        Files.writeString(descriptor, "module curious { requires lox.sync; }");

        StringWriter said = new StringWriter();
        int code = tool("javac")
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "--class-path",
                        directory.resolve("never").toString(), // or it takes this JVM's, where lox is no module
                        "--module-path",
                        lox.toString(),
                        "-proc:none",
                        "-d",
                        directory.resolve("never").toString(),
                        file.toString(),
                        descriptor.toString());

        assertThat(code).isNotZero();
        assertThat(said.toString())
                .contains("package lox.sync.internal.pool is declared in module lox.sync")
                .contains("package lox.sync.spi is declared in module lox.sync");
    }

    private static void link(String... arguments) {
        StringWriter said = new StringWriter();
        int code = tool("jlink").run(new PrintWriter(said), new PrintWriter(said), arguments);
        assertThat(code).as(said.toString()).isZero();
    }

    private static ToolProvider tool(String name) {
        return ToolProvider.findFirst(name).orElseThrow();
    }
}
