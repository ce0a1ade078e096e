package lox.jcstress;

import lox.sync.Announcement;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * One thread puts two items behind a first one, while subscribers come, one that wants everything and one that asks for
 * less. The backlog is of two. Whoever comes before the last put gets all three; who comes after it the last two. An
 * item that is missing fell between the backlog and the live items; one that comes twice was in both.
 */
@JCStressTest
@Outcome(id = "-(1)?23, -(1)?23", expect = Expect.ACCEPTABLE, desc = "The backlog, then what came live.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A gap, a double or a wrong order.")
@State
public class PutAgainstSubscribe {
    private final Announcement<Integer> news = Announcement.builder().backlog(2).build();
    private final Heard eager = new Heard(Long.MAX_VALUE);
    private final Heard careful = new Heard(5);

    public PutAgainstSubscribe() {
        news.put(1);
    }

    @Actor
    public void put() {
        news.put(2);
        news.put(3);
    }

    @Actor
    public void subscribe() {
        news.asPublisher().subscribe(eager);
        news.asPublisher().subscribe(careful);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = eager.until("3");
        result.r2 = careful.until("3");
    }
}
