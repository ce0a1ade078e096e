package lox.sync.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetrySettingsTest {
    private static RetrySettings settings(long first, long longest, double jitter) {
        return new RetrySettings(100, (failure, attempt) -> true, first, longest, jitter);
    }

    @Test
    void shouldDoubleTheWaitUpToTheLongest() {
        RetrySettings settings = settings(100, 1_000, 0);

        assertThat(settings.delayNanos(1, 0.9)).isEqualTo(100);
        assertThat(settings.delayNanos(2, 0.9)).isEqualTo(200);
        assertThat(settings.delayNanos(3, 0.1)).isEqualTo(400);
        assertThat(settings.delayNanos(4, 0.1)).isEqualTo(800);
        assertThat(settings.delayNanos(5, 0.5)).isEqualTo(1_000);
        assertThat(settings.delayNanos(100, 0.5)).isEqualTo(1_000);
    }

    @Test
    void shouldShakeTheWaitByItsPartAndNotBeyondTheLongest() {
        RetrySettings settings = settings(100, 1_000, 0.5);

        assertThat(settings.delayNanos(1, 0)).isEqualTo(50);
        assertThat(settings.delayNanos(1, 0.5)).isEqualTo(100);
        assertThat(settings.delayNanos(1, 1)).isEqualTo(150);
        assertThat(settings.delayNanos(4, 1)).isEqualTo(1_000);
        assertThat(settings.delayNanos(9, 0)).isEqualTo(500);
        for (int round = 0; round < 1_000; round++) {
            assertThat(settings.delayNanos(2)).isBetween(100L, 300L);
        }
    }

    @Test
    void shouldAlwaysWaitIfThereIsAWait() {
        assertThat(settings(1, 1, 1).delayNanos(1, 0)).isEqualTo(1);
        assertThat(settings(0, 0, 1).delayNanos(1)).isZero();
    }

    @Test
    void shouldNotOverflow() {
        for (int attempts = 1; attempts < 100; attempts++) {
            assertThat(settings(Long.MAX_VALUE, Long.MAX_VALUE, 1).delayNanos(attempts, 1))
                    .isEqualTo(Long.MAX_VALUE);
            assertThat(settings(1, Long.MAX_VALUE, 0).delayNanos(attempts, 0)).isPositive();
        }
        assertThat(settings(3, Long.MAX_VALUE, 0).delayNanos(Integer.MAX_VALUE, 0))
                .isEqualTo(Long.MAX_VALUE);
    }
}
