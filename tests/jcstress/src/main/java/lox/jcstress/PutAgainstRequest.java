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
 * Items are put while one subscriber asks for one, and another for everything, which makes it shared. Neither waits in
 * vain.
 */
@JCStressTest
@Outcome(id = "-1, -12", expect = Expect.ACCEPTABLE, desc = "What was asked for.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Too little, too much or out of order.")
@State
public class PutAgainstRequest {
    private final Announcement<Integer> news = Announcement.create();
    private final Heard careful = new Heard(0);
    private final Heard soonEager = new Heard(0);

    public PutAgainstRequest() {
        news.asPublisher().subscribe(careful);
        news.asPublisher().subscribe(soonEager);
    }

    @Actor
    public void put() {
        news.put(1);
        news.put(2);
    }

    @Actor
    public void request() {
        careful.request(1);
        soonEager.request(Long.MAX_VALUE);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = careful.until("1");
        result.r2 = soonEager.until("2");
    }
}
