package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import lox.sync.GatherException;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.Codec;
import lox.sync.process.RemoteTaskException;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be serialised fails its own task, says why, and leaves everything else as it was. */
class SerializationFaultTest {
    private static final Workers JVMS = Workers.processes(2).named("faults").build();

    @AfterAll
    static void close() {
        JVMS.close();
    }

    @SuppressWarnings({"serial", "UnusedVariable"}) // on purpose
    private static final class Job implements Serializable {
        private static final long serialVersionUID = 1L;
        final int number;
        final @Nullable Object client;

        Job(int number, @Nullable Object client) {
            this.number = number;
            this.client = client;
        }
    }

    private static <T, R> Throwable onlyFailure(Scatter<T, R> function, T argument) {
        function.scatter(argument);
        Outcome<R> outcome = function.gatherSettled().get(0);
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<R>) outcome).error();
    }

    private static void assertUsable() {
        Scatter<Integer, Integer> good = Lox.on(JVMS, i -> i + 1);
        IntStream.range(0, 100).forEach(good::scatter);
        assertThat(good.gather())
                .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void shouldFailAHundredArgumentsAndRunAHundredOthers() {
        Scatter<Job, Integer> function = Lox.on(JVMS, job -> job.number);
        IntStream.range(0, 100).forEach(i -> function.scatter(new Job(i, new Socket())));
        IntStream.range(100, 200).forEach(i -> function.scatter(new Job(i, null)));

        List<Outcome<Integer>> outcomes = function.gatherSettled();

        assertThat(outcomes).hasSize(200);
        for (int i = 0; i < 100; i++) {
            int index = i;
            assertThat(outcomes.get(i)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.error())
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContaining("Job.client (java.net.Socket) is not serializable")
                        .hasCauseInstanceOf(NotSerializableException.class);
                assertThat(failure.error().getSuppressed())
                        .anyMatch(origin ->
                                String.valueOf(origin.getMessage()).contains("scatter " + index + " of \"faults\""));
            });
        }
        for (int i = 100; i < 200; i++) {
            assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
        }
    }

    private int ofThisTest(int i) {
        return i;
    }

    @Test
    void shouldFailAFunctionThatCapturesWhatCannotBeSerialised() {
        assertThat(onlyFailure(Lox.on(JVMS, this::ofThisTest), 1))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("lambda in SerializationFaultTest that captures SerializationFaultTest");
        assertUsable();
    }

    @Test
    void shouldFailAResultThatCannotBeSerialised() {
        assertThat(onlyFailure(Lox.on(JVMS, i -> new Job(i, new Socket())), 1))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the result cannot be")
                .hasMessageContaining("Job.client (java.net.Socket)");
        assertUsable();
    }

    @SuppressWarnings({"serial", "UnusedVariable"}) // on purpose
    private static final class HoldsASocket extends Exception {
        private static final long serialVersionUID = 1L;
        final Object socket = new Socket();

        HoldsASocket(String message) {
            super(message);
        }
    }

    @Test
    void shouldKeepNameMessageAndStackOfAnExceptionThatCannotBeSerialised() {
        Throwable failure = onlyFailure(
                Lox.on(JVMS, (Integer i) -> {
                    throw new HoldsASocket("number " + i);
                }),
                7);

        assertThat(failure).isInstanceOfSatisfying(RemoteTaskException.class, standIn -> {
            assertThat(standIn.originalClassName()).isEqualTo(HoldsASocket.class.getName());
            assertThat(standIn.originalMessage()).isEqualTo("number 7");
            assertThat(standIn.getStackTrace()[0].getClassName())
                    .isEqualTo(getClass().getName());
        });
        assertUsable();
    }

    @Test
    void shouldBringACyclicChainOfCauses() {
        Throwable failure = onlyFailure(
                Lox.on(JVMS, (Integer i) -> {
                    Exception first = new Exception("first");
                    first.initCause(new Exception("second", first));
                    throw first;
                }),
                1);

        assertThat(failure).hasMessage("first");
        assertThat(Objects.requireNonNull(failure.getCause()).getCause()).isSameAs(failure);
        assertThatThrownBy(() -> {
                    Scatter<Integer, Integer> function = Lox.on(JVMS, i -> {
                        Exception first = new Exception("first");
                        first.initCause(new Exception("second", first));
                        throw first;
                    });
                    function.scatter(1);
                    function.gather();
                })
                .isInstanceOf(GatherException.class);
    }

    /** Known to the child alone, which defines it. */
    private static Object throwUnknown(byte[] file) throws Exception {
        ClassLoader own = new ClassLoader(SerializationFaultTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) {
                return defineClass(name, file, 0, file.length);
            }
        };
        throw (Exception) own.loadClass("made.Unknown").getConstructor().newInstance();
    }

    @Test
    void shouldStandInForAnExceptionWhoseClassIsMissingInTheParent() throws Exception {
        byte[] file = ParentClassLoaderTest.InMemory.compile(
                        "made.Unknown",
                        "package made; public class Unknown extends Exception { public Unknown() { super(\"made\"); } }")
                .file("made/Unknown.class");

        Throwable failure = onlyFailure(Lox.on(JVMS, SerializationFaultTest::throwUnknown), file);

        assertThat(failure).isInstanceOf(RemoteTaskException.class).hasMessage("made.Unknown: made");
        assertUsable();
    }

    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void shouldFailArgumentAndResultWhoseReadObjectThrows() {
        assertThat(onlyFailure(Lox.on(JVMS, (Unreadable u) -> 1), new Unreadable()))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the argument cannot be")
                .hasMessageContaining("not today");
        assertThat(onlyFailure(Lox.on(JVMS, (Integer i) -> new Unreadable()), 1))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the result cannot be")
                .hasMessageContaining("not today");
        assertUsable();
    }

    private static Job nested(int depth) {
        Job job = new Job(0, null);
        for (int i = 1; i < depth; i++) {
            job = new Job(i, job);
        }
        return job;
    }

    @Test
    void shouldSurviveAStackOverflowWhileSerialising() {
        assertThat(onlyFailure(Lox.on(JVMS, (Job job) -> job.number), nested(200_000)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the argument cannot be")
                .hasMessageContaining("nested too deeply");
        assertThat(onlyFailure(Lox.on(JVMS, SerializationFaultTest::nested), 200_000))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the result cannot be")
                .hasMessageContaining("nested too deeply");
        assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100 << 20})
    void shouldBringBytesThereAndBack(int length) {
        Scatter<byte[], byte[]> function = Lox.on(JVMS, bytes -> {
            for (int i = 0; i < bytes.length; i += 1021) {
                bytes[i]++;
            }
            return bytes;
        });
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, length / 2, length, (byte) 5);
        function.scatter(bytes);

        byte[] expected = bytes.clone();
        for (int i = 0; i < expected.length; i += 1021) {
            expected[i]++;
        }
        assertThat(function.gather().get(0)).isEqualTo(expected);
    }

    @Test
    void shouldBringALargeObjectThereAndBack() {
        Scatter<List<String>, List<String>> function = Lox.on(JVMS, list -> list);
        List<String> list = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            list.add("element number " + i);
        }
        function.scatter(list);

        assertThat(function.gather()).isEqualTo(List.of(list));
    }

    /** Says that it writes two gibibytes, without having them. */
    private static final class TwoGibibytes implements Codec {
        private static final long serialVersionUID = 1L;

        @Override
        public void write(Object value, OutputStream out) throws IOException {
            if (value instanceof Job job && job.number == 2) {
                ((WireWriter) out).reserve(Integer.MAX_VALUE - 8);
            }
            Codec.javaSerialization().write(value, out);
        }

        @Override
        public Object read(InputStream in, ClassLoader loader) throws IOException, ClassNotFoundException {
            return Codec.javaSerialization().read(in, loader);
        }
    }

    @Test
    void shouldRefuseArgumentAndResultOfTwoGibibytes() {
        try (Workers jvms = Workers.processes(1).codec(new TwoGibibytes()).build()) {
            Scatter<Integer, Job> results = Lox.on(jvms, i -> new Job(i, null));
            assertThat(onlyFailure(results, 2))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("the most is 2 GiB");
            Scatter<Job, Integer> arguments = Lox.on(jvms, job -> job.number);
            assertThat(onlyFailure(arguments, new Job(2, null))).hasMessageContaining("the most is 2 GiB");
            arguments.scatter(new Job(3, null));
            assertThat(arguments.gather()).containsExactly(3);
        }
    }

    @Test
    void shouldLetAFilterRefuseResults() {
        ObjectInputFilter filter = ObjectInputFilter.Config.createFilter("java.base/*;!*");
        try (Workers jvms = Workers.processes(1).resultFilter(filter).build()) {
            assertThat(onlyFailure(Lox.on(jvms, (Integer i) -> new Job(i, null)), 1))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("REJECTED");
            Scatter<Integer, List<Integer>> good = Lox.on(jvms, i -> new ArrayList<>(List.of(i)));
            good.scatter(1);
            assertThat(good.gather()).containsExactly(List.of(1));
        }
    }
}
