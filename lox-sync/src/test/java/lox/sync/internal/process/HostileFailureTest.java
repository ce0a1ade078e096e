package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import lox.sync.GatherException;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.RemoteTaskException;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exceptions whose own methods fail, or that do not fit the memory, cost their words and nothing else. */
class HostileFailureTest {
    private static final List<byte[]> KEPT = new ArrayList<>(); // in a child
    private static final String[] NARROW = {"-Xmx48m", "-Xss512k"};

    /** What fails, in the exception's own code. */
    enum Kind {
        GET_MESSAGE(() -> new BadWords(true, false, false)),
        GET_CAUSE(() -> new BadWords(false, true, false)),
        TO_STRING(() -> new BadWords(false, false, true)),
        ALL_WORDS(() -> new BadWords(true, true, true)),
        WRITE_OBJECT(() -> new BadStream(true, false, new AssertionError("not written"))),
        WRITE_OBJECT_OVERFLOWS(() -> new BadStream(true, false, new StackOverflowError("not written"))),
        WRITE_OBJECT_WITHOUT_WORDS(() -> new BadStream(true, false, new BadWords(true, true, true))),
        READ_OBJECT(() -> new BadStream(false, true, new AssertionError("not read"))),
        READ_OBJECT_WITHOUT_WORDS(() -> new BadStream(false, true, new BadWords(true, true, true))),
        BAD_CAUSE(() -> new IllegalStateException("beside", new BadStream(true, false, new AssertionError()))),
        ENDLESS_CAUSES(EndlessCauses::new),
        MANY_CAUSES(() -> chain(50_000)),
        STACK_OF_NULLS(NoStack::new),
        LARGE_BODY(() -> new Large("large", new byte[20 << 20])),
        LARGE_MESSAGE(() -> new Large("x".repeat(16 << 20), new byte[1]));

        @SuppressWarnings("ImmutableEnumChecker") // makes a new one each time
        final Supplier<Throwable> making;

        Kind(Supplier<Throwable> making) {
            this.making = making;
        }
    }

    @SuppressWarnings("OverrideThrowableToString") // toString() itself is what misbehaves
    static final class BadWords extends Error {
        private static final long serialVersionUID = 1L;
        private final boolean message;
        private final boolean cause;
        private final boolean text;

        BadWords(boolean message, boolean cause, boolean text) {
            this.message = message;
            this.cause = cause;
            this.text = text;
        }

        @Override
        public @Nullable String getMessage() {
            return throwIf(message, "a message");
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            throwIf(cause, null);
            return null;
        }

        @Override
        public String toString() {
            throwIf(text, null);
            return "BadWords";
        }

        private static @Nullable String throwIf(boolean condition, @Nullable String otherwise) {
            if (condition) {
                throw new AssertionError("no words");
            }
            return otherwise;
        }
    }

    static final class BadStream extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean writing;
        private final boolean reading;
        private final transient Error error;

        BadStream(boolean writing, boolean reading, Error error) {
            super("bad stream");
            this.writing = writing;
            this.reading = reading;
            this.error = error;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (writing) {
                throw error;
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (reading) {
                throw new BadWords(true, true, true);
            }
        }
    }

    static final class EndlessCauses extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new EndlessCauses();
        }
    }

    static final class NoStack extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Object unwritten = new Object();

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IOException("not written: " + unwritten.getClass() + out.getClass());
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[3];
        }
    }

    @SuppressWarnings("OverrideThrowableToString") // toString() itself is what misbehaves
    static final class Large extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final byte[] body;

        Large(String message, byte[] body) {
            super(message);
            this.body = body;
        }

        @Override
        public String toString() {
            return "Large " + body.length;
        }
    }

    private static Throwable chain(int length) {
        Throwable last = new IllegalArgumentException("last");
        for (int i = 0; i < length; i++) {
            last = new IllegalArgumentException("link", last);
        }
        return last;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // so that it can stand where a value is expected
    private static <T> T raise(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    private static Workers narrow() {
        return Workers.processes(1).jvmArgs(NARROW).output(line -> {}).build();
    }

    private static void checkName(Throwable failure, Kind kind) {
        String expected = kind.making.get().getClass().getName();
        assertThat(
                        failure instanceof RemoteTaskException standIn
                                ? standIn.originalClassName()
                                : failure.getClass().getName())
                .isEqualTo(expected);
    }

    @Test
    void shouldFailItsTaskAndLeaveTheProcess() {
        Kind[] kinds = Kind.values();
        try (Workers workers = narrow()) {
            Scatter<Integer, Long> function = Lox.on(workers, i -> {
                if (i < 0) { // or the process would end by itself where its main thread does
                    new Thread(HostileFailureTest::stay).start();
                }
                return i >= 0
                        ? raise(Kind.values()[i].making.get())
                        : ProcessHandle.current().pid();
            });
            function.scatter(-1);
            for (int i = 0; i < kinds.length; i++) {
                function.scatter(i);
                function.scatter(-1);
            }
            List<Outcome<Long>> outcomes = function.gatherSettled();
            long pid = ((Outcome.Success<Long>) outcomes.get(0)).value();
            for (int i = 0; i < kinds.length; i++) {
                Kind kind = kinds[i];
                assertThat(outcomes.get(2 * i + 1))
                        .as(kind.name())
                        .isInstanceOfSatisfying(Outcome.Failure.class, failure -> checkName(failure.error(), kind));
                assertThat(outcomes.get(2 * i + 2)).isEqualTo(new Outcome.Success<>(2 * i + 2, pid));
            }
        }
    }

    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GET_MESSAGE", "WRITE_OBJECT", "READ_OBJECT_WITHOUT_WORDS", "LARGE_BODY"})
    void shouldTellWhyTheInitializerFailed(Kind kind) {
        try (Workers workers = Workers.processes(1)
                .jvmArgs(NARROW)
                .output(line -> {})
                .initialize(number -> {
                    new Thread(HostileFailureTest::stay).start();
                    return raise(kind.making.get());
                })
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            assertThatThrownBy(function::gather)
                    .isInstanceOf(WorkerCrashedException.class)
                    .satisfies(thrown -> checkName(Objects.requireNonNull(thrown.getCause()), kind));
        }
    }

    static final class BadResult implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Kind kind;

        BadResult(Kind kind) {
            this.kind = kind;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            try {
                raise(kind.making.get());
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    void shouldFailAResultThatCannotBeWritten() {
        Kind[] kinds = Kind.values();
        try (Workers workers = narrow()) {
            Scatter<Integer, Object> function = Lox.on(workers, i -> i < 0 ? i : new BadResult(Kind.values()[i]));
            for (int i = 0; i < kinds.length; i++) {
                function.scatter(i);
                function.scatter(-1);
            }
            List<Outcome<Object>> outcomes = function.gatherSettled();
            for (int i = 0; i < kinds.length; i++) {
                assertThat(outcomes.get(2 * i)).as(kinds[i].name()).isInstanceOf(Outcome.Failure.class);
                assertThat(outcomes.get(2 * i + 1))
                        .isEqualTo(new Outcome.Success<>(2 * i + 1, (Object) Integer.valueOf(-1)));
            }
        }
    }

    @SuppressWarnings("OverrideThrowableToString") // toString() itself is what misbehaves
    static final class CheckedWithoutWords extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new AssertionError("no words");
        }
    }

    @Test
    void shouldCarryACheckedExceptionWithoutWords() {
        Scatter<Integer, Integer> function = Lox.thread(1, i -> raise(new CheckedWithoutWords()));
        function.scatter(1);
        assertThatThrownBy(function::gather)
                .isInstanceOf(GatherException.class)
                .hasCauseInstanceOf(CheckedWithoutWords.class);
        function.scatter(1);
        function.scatter(2);
        assertThatThrownBy(function::gatherDelayError)
                .isInstanceOf(GatherException.class)
                .hasCauseInstanceOf(CheckedWithoutWords.class);
    }

    /** A child without any memory left says at least that, or ends; and another takes its place. */
    @Test
    void shouldEndATaskThatHasLeftNoMemoryAtAll() {
        try (Workers workers = narrow()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == 0) {
                    new Thread(HostileFailureTest::stay).start();
                    for (int size = 1 << 20; size >= 16; ) {
                        try {
                            KEPT.add(new byte[size]);
                        } catch (OutOfMemoryError less) {
                            size /= 2;
                        }
                    }
                    throw new IllegalStateException("full");
                }
                KEPT.clear();
                return i;
            });
            function.scatter(0);
            function.scatter(1);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failure.class);
            function.scatter(2);
            assertThat(function.gather()).containsExactly(2);
        }
    }
}
