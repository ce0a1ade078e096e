package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.core.scheduler.ReactorBlockHoundIntegration;

/** What BlockHound would report if lox told it nothing. A JVM installs BlockHound once, so this class is apart from the others. */
@Tag("blockhound")
class NoBlockHoundIntegrationTest {
    @Test
    void shouldReportThePauseOfLoxWithoutItsIntegration() {
        BlockHound.builder().with(new ReactorBlockHoundIntegration()).install();
        assertThat(BlockHoundIntegrationTest.isReported(BlockHoundIntegrationTest::pause))
                .isTrue();
    }
}
