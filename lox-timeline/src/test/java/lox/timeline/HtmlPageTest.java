package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lox.sync.event.TaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlPageTest {
    @TempDir
    Path folder = Path.of("");

    private String page(Timeline timeline) throws IOException {
        Path file = folder.resolve("page.html");
        timeline.writeHtml(file);
        return Files.readString(file);
    }

    @Test
    void shouldHoldTenThousandTasksInLessThanAMegabyte() throws Exception {
        assertThat(page(SampleRun.of(10_000, 8, 5))).hasSizeLessThan(1_000_000);
    }

    @Test
    void shouldNeedNothingElse() throws Exception {
        assertThat(page(SampleRun.withCrash()))
                .doesNotContain("http:", "https:", "src=", "<link", "@import", "url(", "fetch(", "XMLHttpRequest")
                .doesNotContain("{{")
                .contains("<title>13 tasks on 4 workers in ");
    }

    /** Names come from class and thread names, and threads can be named anything. */
    @Test
    void shouldNotBeLeftByAName() throws Exception {
        String name = "</script><script>alert(1)</script><!--<script>& \u2028 \"quoted\" \\ ü";
        SampleRun run = new SampleRun();
        run.task(SampleRun.batch(1, name, name), 0, name, 0, 1, 0, TaskEnd.SUCCEEDED);
        String page = page(run.timeline());
        assertThat(page).doesNotContain("alert(1)</script>", "<!--");
        assertThat(page).contains("\\u003C/script\\u003E\\u003Cscript\\u003Ealert(1)");
        int from = page.indexOf("{", page.indexOf("id=\"data\">"));
        String data = page.substring(from, page.indexOf("</script>", from));
        try (JsonParser json = new JsonFactory().createParser(data)) {
            boolean found = false;
            while (json.nextToken() != null) {
                found |= name.equals(json.getText());
            }
            assertThat(found).isTrue();
        }
    }

    @Test
    void shouldWriteAPageOfNothing() throws Exception {
        assertThat(page(Timeline.create())).contains("<title>0 tasks on 0 workers in 0 ns</title>");
    }

    @Test
    void shouldReplaceAFile() throws Exception {
        String long_ = page(SampleRun.of(1_000, 4, 5));
        String short_ = page(SampleRun.of(1, 1, 5));
        assertThat(short_).hasSizeLessThan(long_.length()).endsWith("</html>\n");
    }
}
