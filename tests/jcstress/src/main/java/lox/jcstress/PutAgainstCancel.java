package lox.jcstress;

import lox.sync.Announcement;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * One of two subscribers leaves while two items are put. It gets a prefix and nothing after it has left; the other gets
 * everything. A third item is put when all is quiet.
 */
@JCStressTest
@Outcome(id = "-(1|12)?, -123, 1", expect = Expect.ACCEPTABLE, desc = "A prefix for who left, all for who stayed.")
@Outcome(
        expect = Expect.FORBIDDEN,
        desc = "Something after the end, something lost, or a subscriber that stays behind.")
@State
public class PutAgainstCancel {
    private final Announcement<Integer> news = Announcement.create();
    private final Heard leaving = new Heard(Long.MAX_VALUE);
    private final Heard staying = new Heard(Long.MAX_VALUE);

    public PutAgainstCancel() {
        news.asPublisher().subscribe(leaving);
        news.asPublisher().subscribe(staying);
    }

    @Actor
    public void put() {
        news.put(1);
        news.put(2);
    }

    @Actor
    public void cancel() {
        leaving.cancel();
    }

    @Arbiter
    public void look(LLI_Result result) {
        news.put(3);
        result.r2 = staying.until("3");
        result.r1 = leaving.until(0);
        result.r3 = news.subscriberCount();
    }
}
