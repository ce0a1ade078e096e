package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import lox.sync.internal.time.SpinWait;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What lox's integration allows on threads that must not block: the pause of a loop that spins, and nothing else. */
@Tag("blockhound")
class BlockHoundIntegrationTest {
    @BeforeAll
    static void arm() {
        BlockHound.install();
    }

    @Test
    void shouldAllowThePauseOfLoxAndNoOther() {
        assertThat(isReported(BlockHoundIntegrationTest::pause)).isFalse();
        assertThat(isReported(BlockHoundIntegrationTest::onSpinWait)).isTrue();
    }

    static boolean pause() {
        SpinWait.pause();
        SpinWait.giveWay();
        return true;
    }

    private static boolean onSpinWait() {
        Thread.onSpinWait();
        return true;
    }

    static boolean isReported(Callable<Boolean> call) {
        return Boolean.TRUE.equals(Mono.fromCallable(call)
                .map(done -> false)
                .onErrorResume(BlockingOperationError.class, reported -> Mono.just(true))
                .subscribeOn(Schedulers.parallel())
                .block(Patience.LIMIT));
    }
}
