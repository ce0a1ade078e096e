package lox.jcstress;

import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The holder closes its permit while the next in line is cancelled. Either the cancel wins, then nobody holds the lock;
 * or the grant does, then the request does. {@code true, 1} would be a permit that nobody knows of: the lock is lost
 * for ever. {@code false, 0} would be a cancel that says "granted" of a request that holds nothing: its owner enters
 * unprotected.
 */
@JCStressTest
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "Withdrawn, and the lock is free.")
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "Granted, and the request holds the lock.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit was lost or doubled.")
@State
public class GrantAgainstCancel {
    private final QLock lock = new QLock();
    private final Permit held = lock.tryAcquire().orElseThrow();
    private final PermitRequest<Permit> next = lock.request();

    @Actor
    public void release() {
        held.close();
    }

    @Actor
    public void cancel(ZI_Result result) {
        result.r1 = next.cancel();
    }

    @Arbiter
    public void look(ZI_Result result) {
        result.r2 = lock.held();
    }
}
