package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class AnnouncementOptionsTest {
    @Test
    void shouldNameTheAnnouncement() {
        Announcement<String> news = Announcement.builder().named("news").build();
        assertThat(news).hasToString("Announcement[news, 0 subscribers]");
        Announcement<String> unnamed = Announcement.create();
        assertThat(unnamed.toString()).matches("Announcement\\[lox-announcement-\\d+, 0 subscribers]");
    }

    @Test
    void shouldInferTheTypeOfTheItems() {
        Announcement<Integer> numbers = Announcement.builder().backlog(2).build();
        var words = Announcement.builder().unboundedBacklog().<String>build();
        numbers.put(1);
        words.put("one");
        assertThat(numbers.subscribe().poll()).contains(1);
        assertThat(words.subscribe().poll()).contains("one");
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseWhatMakesNoSense() {
        assertThatNullPointerException()
                .isThrownBy(() -> Announcement.builder().named(null))
                .withMessage("name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Announcement.builder().named(" "))
                .withMessageContaining("name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Announcement.builder().backlog(0))
                .withMessage("backlog must be 1 or more, but was 0");
    }

    @Test
    void shouldRefuseAnOptionThatIsSetTwice() {
        Announcement.Builder named = Announcement.builder().named("news");
        assertThatIllegalStateException()
                .isThrownBy(() -> named.named("more"))
                .withMessage("named has been set before");
        Announcement.Builder limited = Announcement.builder().backlog(1);
        assertThatIllegalStateException()
                .isThrownBy(limited::unboundedBacklog)
                .withMessageContaining("has been set before");
        Announcement.Builder unlimited = Announcement.builder().unboundedBacklog();
        assertThatIllegalStateException()
                .isThrownBy(() -> unlimited.backlog(1))
                .withMessageContaining("has been set before");
    }
}
