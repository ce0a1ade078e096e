package lox.jcstress;

import java.time.Duration;
import lox.sync.lock.AcquireTimeoutException;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The room becomes free while a guest is about to park in front of it. The guest has five seconds: {@code 0} would be a
 * wake-up that was lost, between the guest's look at its state and its parking, or between the switch's request for the
 * room and the release of the room.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The guest is in.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A wake-up was lost.")
@State
public class GrantAgainstPark {
    private final QLock room = new QLock();
    private final LightSwitch guests = new LightSwitch(room);
    private final Permit held = room.tryAcquire().orElseThrow();

    @Actor
    public void release() {
        held.close();
    }

    @Actor
    public void enter(I_Result result) {
        try (Permit guest = guests.acquire(Duration.ofSeconds(5))) {
            result.r1 = guest == null ? -1 : 1;
        } catch (AcquireTimeoutException | InterruptedException lost) {
            result.r1 = 0;
        }
    }
}
