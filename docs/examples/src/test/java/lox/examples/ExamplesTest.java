package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final String[] NO_ARGUMENTS = {};

    @Test
    void shouldPrintSizesInOrderInPlainJava() throws Exception {
        assertThat(Printed.by(() -> InPlainJava.main(NO_ARGUMENTS))).isEqualTo(sizesOfSix());
    }

    @Test
    void shouldShowProgressBesideWhatIsPrinted() throws Exception {
        List<String> printed = Printed.by(() -> SeenInProgress.main(NO_ARGUMENTS));
        assertThat(printed)
                .contains("200 pages", "40 strips", "200 and 100", "300 rows")
                .filteredOn(line -> line.endsWith(" is rendered"))
                .containsExactlyInAnyOrder(
                        "strip 0 is rendered", "strip 10 is rendered", "strip 20 is rendered", "strip 30 is rendered");
        assertThat(printed).hasSize(8);
    }

    private static List<String> sizesOfSix() {
        List<String> sizes = new ArrayList<>();
        for (Document document : Document.first(6)) {
            String path = String.format("/%02d/%s", sizes.size(), document.name());
            sizes.add(path + ": " + document.content().length + " bytes");
        }
        return sizes;
    }

    @Test
    void shouldSumUpInReactor() throws Exception {
        assertThat(Printed.by(() -> InReactor.main(NO_ARGUMENTS))).containsExactly(sumOfSix());
    }

    @Test
    void shouldSumUpInRxJava() throws Exception {
        assertThat(Printed.by(() -> InRxJava.main(NO_ARGUMENTS))).containsExactly(sumOfSix());
    }

    private static String sumOfSix() {
        int sum = Document.first(6).stream()
                .mapToInt(document -> document.content().length)
                .sum();
        return "6 pages, " + sum + " bytes";
    }

    @Test
    void shouldTellOfEachFailure() throws Exception {
        List<Document> documents = Document.first(2);
        assertThat(Printed.by(() -> WhenTasksFail.main(NO_ARGUMENTS)))
                .containsExactly(
                        "0: " + documents.get(0).content().length + " bytes",
                        "1: status 404",
                        "2: " + documents.get(1).content().length + " bytes",
                        "3: status 404",
                        "2 of 4 tasks failed, first java.io.IOException: status 404");
    }

    @Test
    void shouldGiveEachRequestItsOwnPages() throws Exception {
        List<Document> documents = Document.first(8);
        List<String> expected = new ArrayList<>();
        for (int request = 0; request < 6; request++) {
            int bytes = documents.subList(request, request + 3).stream()
                    .mapToInt(document -> document.content().length)
                    .sum();
            expected.add(request == 4 ? "refused: a bad request" : "3 pages, " + bytes + " bytes");
        }
        assertThat(Printed.by(() -> RequestsInPlainJava.main(NO_ARGUMENTS))).isEqualTo(expected);
    }

    @Test
    void shouldScatterAfreshAtARetry() throws Exception {
        assertThat(Printed.by(() -> RetryInReactor.main(NO_ARGUMENTS)))
                .containsExactly("5 pages, after 7 calls", "5 and 5 pages");
    }

    @Test
    void shouldBookTheTransfersOfAnAccountOneAfterAnother() throws Exception {
        List<String> expected = new ArrayList<>(List.of("300 transfers booked"));
        IntStream.range(0, 6).forEach(i -> expected.add("account " + i + ": 50"));
        assertThat(Printed.by(() -> AccountsByKey.main(NO_ARGUMENTS))).isEqualTo(expected);
    }

    @Test
    void shouldFetchWithoutAThreadAndCancelAtATimeoutInPlainJava() throws Exception {
        List<String> expected = new ArrayList<>(sizesOfSix());
        expected.addAll(List.of("TaskTimeoutException", "the call was cancelled: true"));
        assertThat(Printed.by(() -> AsyncInPlainJava.main(NO_ARGUMENTS))).isEqualTo(expected);
    }

    @Test
    void shouldCarryTheContextToAFunctionThatDoesNotBlockInReactor() throws Exception {
        List<String> expected = new ArrayList<>(Collections.nCopies(6, "fetched for ada"));
        expected.addAll(summariesOfSix());
        assertThat(Printed.by(() -> AsyncInReactor.main(NO_ARGUMENTS))).isEqualTo(expected);
    }

    @Test
    void shouldHaveFailuresAsItemsAndNullForNoValueInRxJava() throws Exception {
        List<Document> documents = Document.first(2);
        assertThat(Printed.by(() -> AsyncInRxJava.main(NO_ARGUMENTS)))
                .containsExactly(
                        "0: " + documents.get(0).content().length + " bytes",
                        "1: failed",
                        "2: " + documents.get(1).content().length + " bytes",
                        "[1906, null, 1815]");
    }

    @Test
    void shouldTimeOutInReactorAndGoOn() throws Exception {
        assertThat(Printed.by(() -> TimeoutInReactor.main(NO_ARGUMENTS)))
                .containsExactly("timed out, 0 pending", "3 pages");
    }

    @Test
    void shouldTimeOutInRxJavaAndGoOn() throws Exception {
        assertThat(Printed.by(() -> TimeoutInRxJava.main(NO_ARGUMENTS)))
                .containsExactly("timed out, 0 pending", "3 pages");
    }

    @Test
    void shouldCancelOnInterruptInPlainJavaAndGoOn() throws Exception {
        assertThat(Printed.by(() -> InterruptInPlainJava.main(NO_ARGUMENTS)))
                .containsExactly("cancelled, flag kept: true", "3 pages");
    }

    @Test
    void shouldShareWorkersAndKeepTheQueueLimit() throws Exception {
        String firstLine = text(Document.first(1).get(0)).lines().findFirst().orElseThrow();
        assertThat(Printed.by(() -> SharedWorkers.main(NO_ARGUMENTS)))
                .containsExactly("30 sizes, never more than 10 pending: true", "first line: " + firstLine);
    }

    @Test
    void shouldTryAgainOnAnExecutorAndRefuseWhatComesAfterTheClose() throws Exception {
        assertThat(Printed.by(() -> RetryOnAnExecutor.main(NO_ARGUMENTS)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("6 pages"),
                        second -> assertThat(second).contains("closed"));
    }

    @Test
    void shouldRunOnASchedulerAndRefuseWhatHasNoRoomInReactor() throws Exception {
        assertThat(Printed.by(() -> SchedulerInReactor.main(NO_ARGUMENTS)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("6 pages"),
                        second -> assertThat(second).contains("queue", "pages"));
    }

    @Test
    void shouldKeepToARate() throws Exception {
        assertThat(Printed.by(() -> RateLimited.main(NO_ARGUMENTS)))
                .containsExactly("12 pages, a period and more between the first and the last: true");
    }

    @Test
    void shouldScatterTwoArguments() throws Exception {
        List<Integer> expected = new ArrayList<>();
        for (Document document : Document.first(3)) {
            for (String word : List.of("the", "lox")) {
                expected.add(text(document).split(word, -1).length - 1);
            }
        }
        assertThat(Printed.by(() -> TwoArguments.main(NO_ARGUMENTS))).containsExactly(expected.toString());
    }

    @Test
    void shouldSummarisePagesInOrderThroughAPipeline() throws Exception {
        assertThat(Printed.by(() -> PipelineInReactor.main(NO_ARGUMENTS))).isEqualTo(summariesOfSix());
        assertThat(Printed.by(() -> PipelineInRxJava.main(NO_ARGUMENTS))).isEqualTo(summariesOfSix());
    }

    private static List<String> summariesOfSix() {
        return Document.first(6).stream()
                .map(document -> PageSummary.of(text(document)).line())
                .toList();
    }

    private static String text(Document document) {
        return new String(document.content(), StandardCharsets.UTF_8);
    }
}
