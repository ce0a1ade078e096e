package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    private static Thread threadOf(Executor executor) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        executor.execute(() -> thread.complete(Thread.currentThread()));
        return thread.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void shouldStartDaemonsOnDemandThatGoAfterAMinute() {
        ThreadPoolExecutor threads = WorkerThreads.platform("mill");
        try {
            assertThat(threads.getPoolSize()).isZero();
            assertThat(threads.getCorePoolSize()).isZero();
            assertThat(threads.getKeepAliveTime(TimeUnit.SECONDS)).isEqualTo(60);

            Thread thread = threadOf(threads);

            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("mill-1");
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void shouldStartVirtualThreadsWhereTheJvmHasThem() throws ReflectiveOperationException {
        if (Runtime.version().feature() >= 21) {
            Thread thread = threadOf(WorkerThreads.virtual("mill"));

            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
            assertThat(thread.getName()).startsWith("mill-");
        } else {
            assertThatThrownBy(() -> WorkerThreads.virtual("mill"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("Java 21");
        }
    }
}
