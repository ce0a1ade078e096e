package lox.jcstress;

import lox.sync.Announcement;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/**
 * Two threads put two items each. All subscribers hear the same order, in which each thread's items are in the order it
 * put them; and nothing stays undelivered when both have gone, whoever found the other at work.
 */
@JCStressTest
@Outcome(
        id = {"-1234, true", "-1324, true", "-1342, true", "-3124, true", "-3142, true", "-3412, true"},
        expect = Expect.ACCEPTABLE,
        desc = "One order for all.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item lost, doubled or out of order, or two orders.")
@State
public class PutAgainstPut {
    private final Announcement<Integer> news = Announcement.create();
    private final Heard first = new Heard(Long.MAX_VALUE);
    private final Heard second = new Heard(5);
    private final Heard third = new Heard(Long.MAX_VALUE);

    public PutAgainstPut() {
        news.asPublisher().subscribe(first);
        news.asPublisher().subscribe(second);
        news.asPublisher().subscribe(third);
    }

    @Actor
    public void put() {
        news.put(1);
        news.put(2);
    }

    @Actor
    public void putToo() {
        news.put(3);
        news.put(4);
    }

    @Arbiter
    public void look(LZ_Result result) {
        String order = first.until(4);
        result.r1 = order;
        result.r2 = order.equals(second.until(4)) && order.equals(third.until(4));
    }
}
