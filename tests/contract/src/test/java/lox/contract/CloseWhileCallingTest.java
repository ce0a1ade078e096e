package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import lox.sync.Workers;

/**
 * Workers that are closed while they call a function that does not block, so that the thread that closes them cannot
 * find the call: nobody waits for it, and what is under way is cancelled.
 */
class CloseWhileCallingTest extends ContractTest {
    @InEachLibrary
    void shouldNotWaitForWhatIsReturnedAfterTheClose(Setup setup) {
        CloseWhileStoringTest.ways().forEach((name, way) -> {
            CompletableFuture<Workers> closed = new CompletableFuture<>();
            Promise<Integer> never = new Promise<>();
            Workers workers =
                    open(new Setup(setup.library(), Setup.Kind.ASYNC), 1).workers();
            Face<Integer, Integer> function = setup.library().promising(workers, i -> {
                workers.close();
                closed.complete(workers);
                return never;
            });

            assertThat(refusal(() -> way.apply(function)))
                    .as(name)
                    .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class);

            assertThat(closed).as(name).isDone();
            if (setup.library() == Library.SYNC) { // a stage is under way, with or without a subscriber
                Eventually.until(name + ": the call is cancelled", never::isCancelled);
            }
            Eventually.until(
                    name + ": nothing is under way", () -> workers.snapshot().active() == 0);
            assertThat(function.pending()).as(name).isZero();
        });
    }
}
