package lox.jcstress;

import java.time.Duration;
import lox.sync.lock.AcquireTimeoutException;
import lox.sync.lock.Permit;
import lox.sync.lock.RWLock;
import lox.sync.lock.WritePermit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The holder closes its permit while a writer that waits for it times out. 1 stands for a permit, 0 for the exception;
 * the second number is how many hold the lock then. {@code 0, 1} would be a permit granted to a thread that has gone:
 * no one enters any more. {@code 1, 0} would be a writer without the lock.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Timed out, and nothing is held.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Granted, and held.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit was lost or doubled.")
@State
public class GrantAgainstTimeout {
    private final RWLock lock = new RWLock();
    private final Permit held = lock.read().tryAcquire().orElseThrow();

    @Actor
    public void release() {
        held.close();
    }

    @Actor
    public void write(II_Result result) {
        try {
            WritePermit writing = lock.write().acquire(Duration.ofNanos(300));
            result.r1 = writing == null ? -1 : 1;
        } catch (AcquireTimeoutException late) {
            result.r1 = 0;
        } catch (InterruptedException nobodyDoes) {
            result.r1 = -2;
        }
    }

    @Arbiter
    public void look(II_Result result) {
        result.r2 = lock.held();
    }
}
