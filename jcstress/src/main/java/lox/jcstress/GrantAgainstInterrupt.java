package lox.jcstress;

import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZI_Result;

/**
 * The holder closes its permit and interrupts the thread that waits for it. The first number is 1 for a permit and 0 for
 * the exception, the second value is the interrupt flag afterwards, the last how many resources are held.
 * {@code 0, *, 1} would be a resource lost with the thread that gave up. {@code 1, *, 0} would be a resource used by a
 * thread that does not hold it. {@code 0, true, *} would be an interrupt that is reported twice. {@code 1, false, 1} is
 * fine
 * only because the interrupt is not sent when the thread has not said yet who it is.
 */
@JCStressTest
@Outcome(id = "0, false, 0", expect = Expect.ACCEPTABLE, desc = "Interrupted, nothing held, the flag used up.")
@Outcome(id = "1, true, 1", expect = Expect.ACCEPTABLE, desc = "Granted first: the permit, and the flag kept.")
@Outcome(id = "1, false, 1", expect = Expect.ACCEPTABLE, desc = "Granted, and not interrupted by then.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit was lost or doubled, or an interrupt reported twice.")
@State
public class GrantAgainstInterrupt {
    private final IndexSemaphore cards = new IndexSemaphore(1);
    private final IndexPermit held = cards.tryAcquire().orElseThrow();
    private volatile @Nullable Thread waiting;
    private volatile boolean interruptIsOver;

    @Actor
    public void release() {
        Thread present = waiting;
        if (present != null) {
            present.interrupt();
        }
        interruptIsOver = true;
        held.close();
    }

    @Actor
    public void acquire(IZI_Result result) {
        waiting = Thread.currentThread();
        try {
            result.r1 = cards.acquire().index() + 1;
        } catch (InterruptedException withdrawn) {
            result.r1 = 0;
        }
        while (!interruptIsOver) { // else it would hit this thread in another run
            Thread.onSpinWait();
        }
        result.r2 = Thread.interrupted();
    }

    @Arbiter
    public void look(IZI_Result result) {
        result.r3 = cards.held();
    }
}
