package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import lox.sync.process.OutputLine;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputRelayTest {
    private static final byte[] MARKER = "<marker>".getBytes(StandardCharsets.US_ASCII);

    private final List<OutputLine> lines = new CopyOnWriteArrayList<>();

    private static OutputRelay run(@Nullable Consumer<OutputLine> listener, String script) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        try {
            OutputRelay relay = OutputRelay.start(process, MARKER, "relay", new LinePrinter(process.pid(), listener));
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return relay;
        } finally {
            process.toHandle().destroyForcibly();
        }
    }

    private List<String> of(boolean isError) {
        return lines.stream()
                .filter(line -> line.isError() == isError)
                .map(OutputLine::text)
                .toList();
    }

    @Test
    void shouldHandOnBothStreamsByTheLine() throws Exception {
        OutputRelay relay = run(lines::add, "printf 'one\\r\\n\\ntwo'; printf 'bad\\nworse\\n' >&2");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(false)).containsExactly("one", "", "two");
        assertThat(of(true)).containsExactly("bad", "worse");
        assertThat(relay.errorTail()).containsExactly("bad", "worse");
    }

    @Test
    void shouldKeepTheLastLinesOfErrorsAlone() throws Exception {
        OutputRelay relay = run(lines::add, "i=0; while [ $i -lt 100 ]; do echo $i >&2; i=$((i+1)); done");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(true)).hasSize(100);
        assertThat(relay.errorTail())
                .isEqualTo(IntStream.range(60, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void shouldHandOnTenMebibytesWithoutALineEnd() throws Exception {
        OutputRelay relay = run(lines::add, "head -c 10485760 /dev/zero | tr '\\0' x");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(false).stream().mapToInt(String::length).sum()).isEqualTo(10_485_760);
    }

    @Test
    void shouldReadOnWhenTheListenerThrows() throws Exception {
        OutputRelay relay = run(
                line -> {
                    lines.add(line);
                    throw new IllegalStateException("a listener's, on purpose");
                },
                "echo one; echo two");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(false)).containsExactly("one", "two");
    }

    @Test
    void shouldReadOnWhenTheUncaughtHandlerThrowsToo() throws Exception {
        OutputRelay relay = run(
                line -> {
                    lines.add(line);
                    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
                        throw new IllegalStateException("a handler's, on purpose", thrown);
                    });
                    throw new IllegalStateException("a listener's, on purpose");
                },
                "echo one; echo two");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(false)).containsExactly("one", "two");
    }

    @Test
    void shouldPrintCharactersAsCharactersAndBytesAsBytes() throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.ISO_8859_1));
        try {
            OutputRelay relay = run(null, "printf 'gr\\303\\266\\303\\237er\\n\\377\\376\\001\\n'");
            assertThat(relay.awaitEnd()).isTrue();
        } finally {
            System.setOut(out);
        }

        // Each byte as a character. A process of a test before may print a line as late as now.
        List<String> expected = List.of("größer", "\u00ff\u00fe\u0001");
        assertThat(printed.toString(StandardCharsets.ISO_8859_1).split(System.lineSeparator()))
                .filteredOn(expected::contains)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void shouldHandOnWhatCameBeforeTheEndThoughAGrandchildKeepsTheStreamOpen() throws Exception {
        OutputRelay relay = run(lines::add, "echo started; sleep 2 & echo gone");

        assertThat(relay.awaitEnd()).isTrue();
        assertThat(of(false)).containsExactly("started", "gone");
    }

    @Test
    void shouldEndALineWithoutAnEndAtItsMarker() throws Exception {
        OutputRelay relay =
                run(lines::add, "printf 'one<marker>\\n'; printf 'two\\n<marker>\\nthree\\n<marker>four\\n'");
        assertThat(relay.awaitEnd()).isTrue();

        assertThat(of(false)).containsExactly("one", "two", "three", "<marker>four");
    }

    /** What has come by then is there however soon the process ends, and whoever else holds the stream. */
    @Test
    void shouldLoseNothingWhenTheProcessEnds() throws Exception {
        for (int round = 0; round < 50; round++) {
            lines.clear();
            OutputRelay relay = run(lines::add, "printf 'a\\nb\\nc'; echo d >&2; [ $# = 0 ] || sleep 1 & exit 0");
            assertThat(relay.awaitEnd()).isTrue();
            assertThat(of(false)).containsExactly("a", "b", "c");
            assertThat(of(true)).containsExactly("d");
        }
    }

    @Test
    void shouldHandOnALineWithoutAnEndBeforeItsEndComes() throws Exception {
        Process process = new ProcessBuilder(
                        "/bin/sh", "-c", "printf 'gr\\303'; read x; printf '\\266ßer'; read x; echo; echo 2")
                .start();
        try {
            OutputRelay relay = OutputRelay.start(process, MARKER, "relay", new LinePrinter(process.pid(), lines::add));
            Patience.until("the beginning has come", () -> of(false).equals(List.of("gr")));
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            Patience.until("the rest has come", () -> of(false).equals(List.of("gr", "ößer")));
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            process.waitFor();
            assertThat(relay.awaitEnd()).isTrue();
            assertThat(of(false)).containsExactly("gr", "ößer", "2");
        } finally {
            process.toHandle().destroyForcibly();
        }
    }
}
