package lox.examples.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementExamplesTest {
    @Test
    void shouldShowTheLastHeadlinesOnALateScreen() {
        NewsDesk.Screens screens = NewsDesk.run();
        assertThat(screens.early())
                .containsExactly(
                        "08:00 doors open",
                        "09:00 first guests",
                        "10:00 the talk begins",
                        "11:00 questions",
                        "12:00 lunch");
        assertThat(screens.late())
                .containsExactly("09:00 first guests", "10:00 the talk begins", "11:00 questions", "12:00 lunch");
    }

    @Test
    void shouldKeepThePricesOfTheLastMinuteAndSkipWhereTheReaderIsSlow() {
        assertThat(Ticker.run())
                .containsExactly(
                        "100 OK",
                        "101 OK",
                        "102 OK",
                        "103 FULL",
                        "skipped, the reader is at 100",
                        "104 OK",
                        "of the last minute: [104]",
                        "after the end: ENDED");
    }

    @Test
    void shouldLetEveryoneHearTheOthers() {
        var heard = Chat.run(List.of("Ann", "Bob", "Cleo"));
        // Two hellos; two answers to each of the others' hellos but its own, two to its own.
        assertThat(heard.get("Ann"))
                .containsExactlyInAnyOrder(
                        "Bob says hello", "Cleo says hello", "hello, Ann", "hello, Ann", "hello, Bob", "hello, Cleo");
        assertThat(heard.get("Bob")).hasSize(6).doesNotContain("Bob says hello").contains("hello, Bob");
        assertThat(heard.get("Cleo")).hasSize(6).doesNotContain("Cleo says hello");
    }
}
