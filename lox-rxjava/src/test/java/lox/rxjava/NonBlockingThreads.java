package lox.rxjava;

import io.reactivex.rxjava3.internal.schedulers.NonBlockingThread;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import reactor.blockhound.BlockHound;

/** Has BlockHound watch the threads of RxJava that must not block, for the rest of this JVM. */
final class NonBlockingThreads {
    private NonBlockingThreads() {}

    /**
     * BlockHound knows Reactor's threads, and what Reactor's executors do between two tasks. Of RxJava 3 it knows neither:
     * without the second part it would kill each worker where that waits for its next task, and all would hang.
     */
    static void watch() {
        String queue = ScheduledThreadPoolExecutor.class.getName() + "$DelayedWorkQueue";
        BlockHound.builder()
                .loadIntegrations() // lox's own among them, as in BlockHound.install()
                .allowBlockingCallsInside(queue, "take")
                .allowBlockingCallsInside(queue, "poll")
                .allowBlockingCallsInside(queue, "offer")
                .allowBlockingCallsInside(queue, "remove")
                .allowBlockingCallsInside(ThreadPoolExecutor.class.getName(), "addWorker")
                .nonBlockingThreadPredicate(current -> current.or(thread -> thread instanceof NonBlockingThread))
                .install();
    }
}
