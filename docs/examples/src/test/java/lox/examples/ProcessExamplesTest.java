package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lox.progress.Display;
import org.junit.jupiter.api.Test;

class ProcessExamplesTest {
    @Test
    void shouldCountTheSamePointsInReactorAndRxJava() throws Exception {
        Mandelbrot picture = new Mandelbrot(200, 20, 255);
        int points = IntStream.range(0, 20)
                .map(strip -> Points.ofTheSet(picture.strip(strip)))
                .sum();
        assertThat(points).isPositive();

        String expected = "20 strips, " + points + " points";
        assertThat(Printed.by(() -> JvmsInReactor.main(new String[0]))).containsExactly(expected);
        assertThat(Printed.by(() -> JvmsInRxJava.main(new String[0]))).containsExactly(expected);
    }

    @Test
    void shouldRunAnyFunctionInAChildJvm() throws Exception {
        assertThat(Printed.by(() -> AnyFunction.main(new String[0])))
                .containsExactly("[3.0, 6.0]", "[the answer is 42, lox]", "[true, true]");
    }

    @Test
    void shouldTourWithOneCrashThatCostsOneStrip() throws Exception {
        List<String> lines = Printed.by(
                () -> assertThat(new ProcessTour(Display.LINES, System.out).run(new Mandelbrot(120, 24, 100)))
                        .isTrue());

        assertThat(lines)
                .filteredOn(line -> line.endsWith("24 the same, in order"))
                .hasSize(4);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("the same, one crash"))
                .singleElement()
                .asString()
                .endsWith("23 the same, 12: WorkerCrashedException");
    }

    @Test
    void shouldTourWithAMemberThatIsKilledAndAPictureThatIsWhole() throws Exception {
        List<String> lines =
                Printed.by(() -> assertThat(new ClusterTour(System.out).run(new Mandelbrot(240, 48, 20_000)))
                        .isTrue());

        assertThat(lines)
                .filteredOn(line -> line.startsWith("local-"))
                .hasSize(3)
                .last()
                .asString()
                .endsWith(", then it was killed");
        assertThat(lines).last().isEqualTo("the picture is whole: 48 strips, in order");
    }
}
