package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What the page draws, as Chromium shows it. */
class PageInBrowserTest {
    @TempDir
    Path folder = Path.of("");

    private Chromium chromium;

    @BeforeEach
    void findChromium() {
        chromium = Chromium.orAbort(folder);
    }

    @Test
    void shouldDrawAHundredThousandTasks(TestReporter reporter) throws Exception {
        Path page = folder.resolve("page.html");
        SampleRun.of(100_000, 16, 5).writeHtml(page);
        String document = chromium.open(page);
        assertThat(Chromium.fact(document, "errors")).isEmpty();
        assertThat(Chromium.fact(document, "attempts")).contains("100000");
        assertThat(Chromium.fact(document, "rows")).contains("16");
        // So many do not get a bar each: they share the pixels of their lanes.
        assertThat(number(document, "pixels")).isBetween(16L * 500, 16L * 1_400);
        reporter.publishEntry("milliseconds until it was drawn", Long.toString(number(document, "ready-millis")));
    }

    @Test
    void shouldDrawABarForEachOfAThousandAndThePartThatTheAddressNames() throws Exception {
        Path page = folder.resolve("page.html");
        SampleRun.of(1_000, 8, 40).writeHtml(page);
        // The picture's colours are asked for, too: something is there, and it is what it says.
        withScript(page, """
            const canvas = document.getElementById("canvas");
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let blue = 0;
            for (let i = 0; i < pixels.length; i += 4) {
              blue += pixels[i] === 0x00 && pixels[i + 1] === 0x72 && pixels[i + 2] === 0xb2 ? 1 : 0;
            }
            body.blue = blue;
            body.all = body.bars;
            location.hash = "#2-2.2";
            dispatchEvent(new Event("hashchange")); // the browser's own would come later
            body.part = body.attempts;
            body.range = document.getElementById("range").textContent;
            """);
        String document = chromium.open(page);
        assertThat(Chromium.fact(document, "errors")).isEmpty();
        assertThat(number(document, "all")).isGreaterThan(950); // the shortest are less than two pixels wide
        assertThat(number(document, "blue")).isGreaterThan(10_000);
        assertThat(number(document, "part")).isBetween(20L, 100L);
        assertThat(Chromium.fact(document, "range")).contains("2.000 s to 2.200 s (200 ms)");
    }

    @Test
    void shouldZoomPanAndTellWhatIsUnderThePointer() throws Exception {
        Path page = folder.resolve("page.html");
        SampleRun.withCrash().writeHtml(page);
        withScript(page, """
            const view = document.getElementById("view");
            const canvas = document.getElementById("canvas");
            const place = canvas.getBoundingClientRect();
            const at = (x, y) => ({clientX: place.left + x, clientY: place.top + y, bubbles: true, cancelable: true});
            const range = () => document.getElementById("range").textContent;
            // The crashed task: in the second lane, in the first half of the picture.
            const tips = new Set();
            for (let x = 140; x < 1340; x += 20) {
              for (let y = 20; y < place.height; y += 12) {
                view.dispatchEvent(new PointerEvent("pointermove", at(x, y)));
                tips.add(document.getElementById("tip").innerText.replaceAll("\\n", " | "));
              }
            }
            body.tips = [...tips].join(" || ");
            view.dispatchEvent(new WheelEvent("wheel", {...at(700, 150), deltaY: -100}));
            body.wheel = range();
            view.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
            body.arrow = range();
            canvas.dispatchEvent(new PointerEvent("pointerdown", {...at(700, 150), button: 0, pointerId: 1}));
            view.dispatchEvent(new PointerEvent("pointermove", {...at(800, 150), pointerId: 1}));
            view.dispatchEvent(new PointerEvent("pointerup", {...at(800, 150), pointerId: 1}));
            body.drag = range();
            view.dispatchEvent(new KeyboardEvent("keydown", {key: "0", bubbles: true}));
            body.all = range();
            document.getElementById("zoom-in").click();
            body.button = range();
            """);
        String document = chromium.open(page);
        // setPointerCapture knows no pointer of a script: that is not an error of the page.
        assertThat(Chromium.fact(document, "errors").filter(error -> !error.contains("setPointerCapture")))
                .isEmpty();
        assertThat(Chromium.fact(document, "tips").orElseThrow())
                .contains("Mandelbrot.strip | task 7 of batch 1 | crashed after 30.0 ms")
                .contains("task 1 of batch 2, attempt 2 | failed after 30.0 ms")
                .contains("had waited 61.0 ms | workers-1-1")
                .contains("strips-2 | of strips, busy")
                .contains("process 4712, crashed at")
                .contains("tasks waiting | at");
        String all = Chromium.fact(document, "all").orElseThrow();
        assertThat(all).startsWith("all of it");
        String wheel = Chromium.fact(document, "wheel").orElseThrow();
        String arrow = Chromium.fact(document, "arrow").orElseThrow();
        String drag = Chromium.fact(document, "drag").orElseThrow();
        assertThat(start(wheel)).isPositive();
        assertThat(start(arrow)).isGreaterThan(start(wheel));
        assertThat(start(drag)).isLessThan(start(arrow));
        assertThat(length(arrow)).isEqualTo(length(wheel)).isEqualTo(length(drag));
        assertThat(Chromium.fact(document, "button"))
                .isPresent()
                .hasValueSatisfying(range -> assertThat(length(range)).isNotEqualTo(all.replace("all of it, ", "")));
    }

    @Test
    void shouldCountAndTellEachCrashOfALane() throws Exception {
        Path page = folder.resolve("page.html");
        SampleRun.withTwoOfOneName().timeline().writeHtml(page);
        withScript(page, """
            body.figures = document.getElementById("figures").innerText.replaceAll("\\n", " ");
            const canvas = document.getElementById("canvas");
            const place = canvas.getBoundingClientRect();
            const tips = new Set();
            const drawn = canvas.getContext("2d");
            for (let y = 80; y < place.height; y += 4) {
              document.getElementById("view").dispatchEvent(new PointerEvent("pointermove",
                  {clientX: place.left + 20, clientY: place.top + y, bubbles: true}));
              tips.add(document.getElementById("tip").innerText.replaceAll("\\n", " | "));
            }
            body.tips = [...tips].join(" || ");
            // The triangles on the axis: at the height of their middle.
            const row = drawn.getImageData(0, 90, canvas.width, 1).data;
            const isAlarm = x => row[4 * x] === 0xd5 && row[4 * x + 1] === 0x5e && row[4 * x + 2] === 0x00;
            let triangles = 0;
            for (let x = 1; x < canvas.width; x++) {
              triangles += isAlarm(x) && !isAlarm(x - 1) ? 1 : 0;
            }
            body.triangles = triangles;
            """);
        String document = chromium.open(page);
        assertThat(Chromium.fact(document, "errors")).isEmpty();
        assertThat(Chromium.fact(document, "figures").orElseThrow()).contains("processes crashed 2");
        assertThat(Chromium.fact(document, "tips").orElseThrow())
                .contains("process 4711, crashed at")
                .contains("process 4712, crashed at");
        assertThat(Chromium.fact(document, "triangles")).contains("2");
    }

    private static double start(String range) {
        return Double.parseDouble(range.substring(0, range.indexOf(' ')));
    }

    private static String length(String range) {
        return range.replaceFirst(".*\\((.*)\\).*", "$1");
    }

    private static long number(String document, String fact) {
        return Long.parseLong(Chromium.fact(document, fact).orElseThrow());
    }

    /**
     * Adds statements to the page that run when it has been drawn; {@code body} has the facts of the body. Nothing is
     * waited for, which the browser might cut short: the page draws at once, not with the screen's next frame.
     */
    private static void withScript(Path page, String statements) throws IOException {
        String atOnce = """
            <head>
            <script>
            window.requestAnimationFrame = draw => {
              draw(performance.now());
              return 0;
            };
            </script>
            """;
        String script = """
            <script>
            {
              const body = document.body.dataset;
              try {
            """ + statements + """
              } catch (error) {
                body.errors = error.stack;
              }
            }
            </script>
            </body>
            """;
        Files.writeString(page, Files.readString(page).replace("<head>", atOnce).replace("</body>", script));
    }
}
