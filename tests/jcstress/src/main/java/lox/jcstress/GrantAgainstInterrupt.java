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
 * The holder closes its permit and interrupts the thread that waits for it. The first number is 1 for a permit and 0
 * for the exception, the second value is whether the interrupt arrived once, the last how many resources are held.
 * {@code 0, *, 1} would be a resource lost with the thread that gave up. {@code 1, *, 0} would be a resource used by a
 * thread that does not hold it. {@code 0, false, *} would be an interrupt that is reported twice, by the exception and
 * by the flag, or an exception without one; {@code 1, false, *} one that was swallowed with the grant, or comes from
 * nowhere.
 */
@JCStressTest
@Outcome(id = "0, true, 0", expect = Expect.ACCEPTABLE, desc = "Interrupted, nothing held, the flag used up.")
@Outcome(
        id = "1, true, 1",
        expect = Expect.ACCEPTABLE,
        desc = "Granted first: the permit, and the flag kept if it was set.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit was lost or doubled, or an interrupt lost or reported twice.")
@State
public class GrantAgainstInterrupt {
    private final IndexSemaphore cards = new IndexSemaphore(1);
    private final IndexPermit held = cards.tryAcquire().orElseThrow();
    private volatile @Nullable Thread waiting;
    private boolean interruptIsSent; // published by the next
    private volatile boolean interruptIsOver;

    @Actor
    public void release() {
        Thread present = waiting;
        if (present != null) { // it has said who it is
            present.interrupt();
            interruptIsSent = true;
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
        boolean flag = Thread.interrupted();
        result.r2 = result.r1 == 1 ? flag == interruptIsSent : interruptIsSent && !flag;
    }

    @Arbiter
    public void look(IZI_Result result) {
        result.r3 = cards.held();
    }
}
