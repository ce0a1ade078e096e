package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of the program that lock, print, and throw while a bar is shown: no deadlock that was not there without. */
class ForeignStreamsTest {
    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final FakeTerminal terminal = new FakeTerminal();
    private final Hook onWriteOfOut = new Hook();
    private final Hook onWriteOfErr = new Hook();
    private final PrintStream out = stream(onWriteOfOut);
    private final PrintStream err = stream(onWriteOfErr);

    /** What a stream does when it is written to. */
    private static final class Hook {
        private volatile Runnable action = () -> {};

        void set(Runnable next) {
            action = next;
        }

        void run() {
            action.run();
        }
    }

    /** Does something of its own, and then writes to the terminal. */
    private PrintStream stream(Hook onWrite) {
        OutputStream foreign = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                onWrite.run();
                terminal.write(bytes, offset, length);
            }
        };
        return new PrintStream(foreign, true, StandardCharsets.UTF_8);
    }

    @BeforeEach
    void shareATerminal() {
        System.setOut(out);
        System.setErr(err);
    }

    @AfterEach
    void putBack() {
        System.setOut(outBefore);
        System.setErr(errBefore);
    }

    private ProgressBar shown() {
        ProgressBar bar = ProgressBar.builder("pages").display(Display.BAR).build();
        bar.update(1, 0, 4);
        awaitRow("1/4");
        return bar;
    }

    private void awaitRow(String part) {
        Patience.until("a row with " + part, () -> terminal.rows().toString().contains(part));
    }

    private static Thread start(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitEnd(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
        assertThat(thread.isAlive()).as("%s hangs", thread).isFalse();
    }

    /** Does this once. */
    private static Runnable once(Hook of, Runnable body) {
        return () -> {
            of.set(() -> {});
            body.run();
        };
    }

    @Test
    void shouldNotDeadlockIfOneStreamPrintsToTheOther() throws Exception {
        ProgressBar bar = shown();
        PrintStream errors = System.err;
        CountDownLatch isInOut = new CountDownLatch(1);
        CountDownLatch hasErr = new CountDownLatch(1);
        onWriteOfOut.set(once(onWriteOfOut, () -> {
            isInOut.countDown();
            await(hasErr);
            System.err.println("copy");
        }));
        Thread printer = start(() -> System.out.println("line"));
        await(isInOut);
        Thread tracer = start(() -> {
            synchronized (errors) { // as a stack trace is printed
                hasErr.countDown();
                errors.println("trace 1");
                errors.println("trace 2");
            }
        });

        awaitEnd(tracer);
        awaitEnd(printer);
        bar.close();
        assertThat(terminal.rows()).containsSubsequence("trace 1", "trace 2").contains("line", "copy");
        assertThat(terminal.rows().get(4)).startsWith("pages  25%");
    }

    private Thread startWithALockThatDrawingNeeds(ProgressBar bar, Runnable action) throws InterruptedException {
        ReentrantLock handler = new ReentrantLock();
        CountDownLatch isDrawing = new CountDownLatch(1);
        CountDownLatch hasHandler = new CountDownLatch(1);
        onWriteOfErr.set(once(onWriteOfErr, () -> {
            isDrawing.countDown();
            await(hasHandler);
            handler.lock();
            try {
                assertThat(handler.isHeldByCurrentThread()).isTrue();
            } finally {
                handler.unlock();
            }
        }));
        bar.update(2, 0, 4);
        await(isDrawing);
        return start(() -> {
            handler.lock();
            try {
                hasHandler.countDown();
                action.run();
            } finally {
                handler.unlock();
            }
        });
    }

    @Test
    void shouldNotDeadlockIfAHandlerPrintsWhileABarIsDrawnThroughIt() throws Exception {
        ProgressBar bar = shown();
        Thread logger = startWithALockThatDrawingNeeds(bar, () -> {
            for (int i = 0; i < 100; i++) {
                System.out.println("record " + i);
            }
        });

        awaitEnd(logger);
        awaitRow("2/4");
        bar.close();
        assertThat(terminal.rows()).hasSize(101);
        for (int i = 0; i < 100; i++) {
            assertThat(terminal.rows().get(i)).isEqualTo("record " + i);
        }
    }

    @Test
    void shouldNotDeadlockIfATaskEndsABarThatIsDrawnThroughItsLock() throws Exception {
        ProgressBar bar = shown();
        Thread task = startWithALockThatDrawingNeeds(bar, bar::close);

        awaitEnd(task);
        Patience.until("the end", () -> System.err == err);
        assertThat(terminal.rows()).singleElement().asString().startsWith("pages  50%");
    }

    @Test
    void shouldPrintWhatAStreamPrintsMeanwhileItself() {
        ProgressBar bar = shown();
        onWriteOfOut.set(once(onWriteOfOut, () -> {
            System.err.println("copy");
            System.out.println("note");
        }));
        System.out.println("line");
        bar.close();

        assertThat(terminal.rows()).hasSize(4);
        assertThat(terminal.rows().subList(0, 3)).containsExactly("copy", "note", "line");
        assertThat(terminal.rows().get(3)).startsWith("pages  25%");
    }

    @Test
    void shouldPrintPastTheBarsWhatWouldTakeTooMuchMemory() throws Exception {
        ProgressBar bar = shown();
        CountDownLatch isBlocked = new CountDownLatch(1);
        CountDownLatch resumed = new CountDownLatch(1);
        onWriteOfErr.set(once(onWriteOfErr, () -> {
            isBlocked.countDown();
            await(resumed);
        }));
        bar.update(2, 0, 4);
        await(isBlocked);
        String line = "x".repeat(999);
        Thread printer = start(() -> {
            for (int i = 0; i < 200; i++) {
                System.out.println(i + line);
            }
        });
        awaitEnd(printer);
        assertThat(terminal.raw()).hasSizeGreaterThan(200_000 - 70_000);
        resumed.countDown();
        awaitRow("2/4");
        bar.close();
        String raw = terminal.raw();
        int last = -1;
        for (int i = 0; i < 200; i++) {
            int at = raw.indexOf(i + line + "\n");
            assertThat(at).as("line %s", i).isGreaterThan(last);
            last = at;
        }
    }

    @Test
    void shouldPrintAtTheEndOfTheJvmWhatWasLeft() throws Exception {
        Screen screen = Screen.of(err);
        CountDownLatch isBlocked = new CountDownLatch(1);
        CountDownLatch resumed = new CountDownLatch(1);
        onWriteOfErr.set(once(onWriteOfErr, () -> {
            isBlocked.countDown();
            await(resumed);
        }));
        Thread drawing = start(() -> screen.draw("row", "row"));
        await(isBlocked);
        screen.above(out, "left\n".getBytes(StandardCharsets.UTF_8));
        assertThat(terminal.raw()).isEmpty();
        screen.leave();
        assertThat(terminal.raw()).isEqualTo("left\n");
        resumed.countDown();
        awaitEnd(drawing);
    }

    @Test
    void shouldRedrawTheBarIfAStreamThrows() {
        ProgressBar bar = shown();
        onWriteOfOut.set(once(onWriteOfOut, () -> {
            throw new IllegalStateException("no printing");
        }));
        try {
            System.out.println("lost");
        } catch (IllegalStateException asWithoutABar) {
            assertThat(asWithoutABar).hasMessage("no printing");
        }
        assertThat(terminal.rows()).singleElement().asString().startsWith("pages  25%");
        System.out.println("next");
        bar.close();
        assertThat(terminal.rows()).hasSize(2).first().isEqualTo("next");
    }

    @Test
    void shouldPutBothStreamsBackIfOneThrows() {
        try (Warnings warnings = new Warnings()) {
            for (Throwable thrown : List.of(new IllegalStateException("no printing"), new AssertionError("no"))) {
                terminal.clear();
                ProgressBar bar = shown();
                System.out.print("half");
                onWriteOfOut.set(() -> throwIt(thrown));
                bar.close();

                Patience.until("the streams are back", () -> System.out == out && System.err == err);
                onWriteOfOut.set(() -> {});
                assertThat(terminal.rows()).singleElement().asString().startsWith("pages  25%");
            }
            Patience.until("it is told", () -> warnings.reasons().size() == 2);
            assertThat(warnings.reasons()).extracting(Throwable::getMessage).containsExactly("no printing", "no");
        }
    }

    @Test
    void shouldPutBothStreamsBackIfTheBarsOutputThrows() {
        try (Warnings warnings = new Warnings()) {
            ProgressBar bar = shown();
            System.out.print("half");
            System.err.print("half");
            AssertionError thrown = new AssertionError("no");
            onWriteOfOut.set(() -> throwIt(thrown));
            onWriteOfErr.set(() -> throwIt(thrown));

            Patience.until("the streams are back", () -> System.out == out && System.err == err);
            Patience.until("it is told", () -> !warnings.reasons().isEmpty());
            bar.close();
            assertThat(warnings.reasons()).containsExactly(thrown);
        }
    }

    private static void throwIt(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    void shouldPrintInAnInterruptedThread() throws Exception {
        ProgressBar bar = shown();
        Thread printer = start(() -> {
            Thread.currentThread().interrupt();
            System.out.println("line");
            System.out.println(Thread.currentThread().isInterrupted());
        });
        awaitEnd(printer);
        bar.close();
        assertThat(terminal.rows().subList(0, 2)).containsExactly("line", "true");
    }
}
