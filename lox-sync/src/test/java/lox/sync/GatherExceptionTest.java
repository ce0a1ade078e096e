package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatherExceptionTest {
    private static final Task<Throwable, Integer> THROW = failure -> {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    };

    @Test
    void shouldThrowUncheckedExceptionsAndErrorsAsTheyAre() {
        for (Throwable failure : new Throwable[] {new IllegalStateException("no"), new OutOfMemoryError("test")}) {
            Scatter<Throwable, Integer> function = Lox.thread(1, THROW);
            function.scatter(failure);
            assertThatThrownBy(function::gather).isSameAs(failure);
            assertThatThrownBy(() -> function.call(failure)).isSameAs(failure);
        }
    }

    @Test
    void shouldShowWhereAFailureWasGathered() {
        Scatter<Throwable, Integer> function = Lox.thread(1, THROW);
        RuntimeException failure = new IllegalStateException("no");

        function.scatter(failure);
        assertThatThrownBy(() -> gatherFromHere(function)).isSameAs(failure);
        assertThatThrownBy(() -> function.map(List.of(failure)).forEach(result -> {}))
                .isSameAs(failure);
        function.scatter(failure);
        assertThatThrownBy(() -> function.gatherStream().forEach(result -> {})).isSameAs(failure);

        assertThat(failure.getSuppressed())
                .filteredOn(GatheredHere.class::isInstance)
                .hasSize(3)
                .allSatisfy(here -> assertThat(here.getStackTrace())
                        .extracting(StackTraceElement::getClassName)
                        .contains(GatherExceptionTest.class.getName()))
                .anySatisfy(here -> assertThat(here.getStackTrace())
                        .extracting(StackTraceElement::getMethodName)
                        .contains("gatherFromHere"));
    }

    @Test
    void shouldShowItBesideTheOtherFailuresOfTheBatch() {
        RuntimeException failure = new IllegalStateException("no");
        for (int i = 0; i < 15; i++) {
            failure.addSuppressed(new IOException("another task's"));
        }
        Scatter<Throwable, Integer> function = Lox.thread(1, THROW);

        function.scatter(failure);
        assertThatThrownBy(() -> gatherFromHere(function)).isSameAs(failure);

        assertThat(failure.getSuppressed())
                .filteredOn(GatheredHere.class::isInstance)
                .hasSize(1);
    }

    private static void gatherFromHere(Scatter<Throwable, Integer> function) {
        function.gather();
    }

    @Test
    void shouldShowTheTracesOfAFewGatherersOnly() {
        Scatter<Throwable, Integer> function = Lox.thread(1, THROW);
        RuntimeException failure = new IllegalStateException("no");

        for (int i = 0; i < 50; i++) {
            function.scatter(failure);
            assertThatThrownBy(function::gather).isSameAs(failure);
        }

        assertThat(failure.getSuppressed()).hasSizeLessThan(20);
    }

    @Test
    void shouldWrapACheckedExceptionOfAGather() {
        IOException failure = new IOException("no");
        Scatter<Throwable, Integer> function = Lox.thread(1, THROW);

        function.scatter(failure);

        GatherException thrown = catchThrowableOfType(GatherException.class, function::gather);
        assertThat(thrown).hasCause(failure);
        assertThat(thrown.failures()).containsExactly(failure);
    }

    @Test
    void shouldWrapACheckedExceptionOfACall() {
        IOException failure = new IOException("no");
        Scatter<Throwable, Integer> function = Lox.thread(1, THROW);

        assertThatThrownBy(() -> function.call(failure))
                .isInstanceOf(GatherException.class)
                .hasCause(failure);
    }

    @Test
    void shouldCarryEveryFailureOfADelayedGatherInScatterOrder() {
        RuntimeException first = new IllegalStateException("first");
        IOException second = new IOException("second");
        Scatter<Throwable, Integer> function = Lox.thread(2, THROW);

        function.scatter(first);
        function.scatter(second);
        function.scatter(first);

        GatherException thrown = catchThrowableOfType(GatherException.class, function::gatherDelayError);
        assertThat(thrown.failures()).containsExactly(first, second, first);
        assertThat(thrown).hasCause(first).hasMessageContaining("3 of 3");
        assertThat(thrown.getSuppressed()).containsExactly(second);
        assertThat(thrown.getStackTrace())
                .as("the trace of the gatherer")
                .extracting(StackTraceElement::getClassName)
                .contains(GatherExceptionTest.class.getName());
        assertThatThrownBy(() -> thrown.failures().remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldThrowTheOnlyUncheckedFailureOfADelayedGatherAsItIs() {
        RuntimeException failure = new IllegalStateException("no");
        Scatter<Throwable, Integer> function = Lox.thread(2, THROW);

        function.scatter(failure);

        assertThatThrownBy(function::gatherDelayError).isSameAs(failure);
    }

    @Test
    void shouldKeepFailuresUsableWhereItIsSerialised() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new GatherException(new IOException("no")));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            GatherException read = (GatherException) in.readObject();

            assertThat(read).hasCauseInstanceOf(IOException.class);
            assertThat(read.failures()).singleElement().isInstanceOf(IOException.class);
        }
    }
}
