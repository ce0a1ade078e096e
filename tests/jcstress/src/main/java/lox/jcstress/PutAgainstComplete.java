package lox.jcstress;

import lox.sync.Announcement;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZLL_Result;

/**
 * An item is put while the announcement ends. Either everybody has it, and then the end, or the put is refused and
 * nobody has.
 */
@JCStressTest
@Outcome(id = "true, -1\\|, -1\\|", expect = Expect.ACCEPTABLE, desc = "Put, then ended.")
@Outcome(id = "false, -\\|, -\\|", expect = Expect.ACCEPTABLE, desc = "Ended, and the put was refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Accepted and not delivered, refused and delivered, or no end.")
@State
public class PutAgainstComplete {
    private final Announcement<Integer> news = Announcement.create();
    private final Heard eager = new Heard(Long.MAX_VALUE);
    private final Heard careful = new Heard(5);

    public PutAgainstComplete() {
        news.asPublisher().subscribe(eager);
        news.asPublisher().subscribe(careful);
    }

    @Actor
    public void put(ZLL_Result result) {
        try {
            news.put(1);
            result.r1 = true;
        } catch (IllegalStateException ended) {
            result.r1 = false;
        }
    }

    @Actor
    public void complete() {
        news.complete();
    }

    @Arbiter
    public void look(ZLL_Result result) {
        result.r2 = eager.until("|");
        result.r3 = careful.until("|");
    }
}
