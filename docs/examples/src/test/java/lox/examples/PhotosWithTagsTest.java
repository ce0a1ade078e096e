package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import lox.examples.funnel.PhotosWithTagsInReactor;
import lox.examples.funnel.PhotosWithTagsInRxJava;
import org.junit.jupiter.api.Test;

class PhotosWithTagsTest {
    private static final String[] NO_ARGUMENTS = {};

    @Test
    void shouldPrintEachPhotographWithItsTagsInReactor() throws Exception {
        assertThat(Printed.by(() -> PhotosWithTagsInReactor.main(NO_ARGUMENTS)))
                .containsExactly(
                        "photo-2.jpg [sea]", "photo-1.jpg [hills, fog]", "photo-4.jpg []", "photo-3.jpg [night]");
    }

    @Test
    void shouldPrintWhatWasJoinedAndWhatWasNotInRxJava() throws Exception {
        assertThat(Printed.by(() -> PhotosWithTagsInRxJava.main(NO_ARGUMENTS)))
                .containsExactly(
                        "no tags, COMPLETED: photo 3",
                        "photo-2.jpg [tag 2]",
                        "photo-1.jpg [tag 1]",
                        "photo-4.jpg [tag 4]");
    }
}
