package lox.sync.internal.hot;

import java.util.stream.Stream;
import lox.sync.lock.lincheck.Scenario;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One order for all subscribers, no gap and no double, while threads put, subscribe, request, cancel and get stuck. Each scenario is run by the model
 * checker and compared with one operation at a time.
 *
 * <p>In the model time stands still, so no thread waits for a stalled drainer; instead {@code takeOver} takes over from the
 * drainer, at any point.
 */
class BroadcastLincheckTest {
    static Stream<Named<Scenario>> scenarios() {
        return Stream.of(
                Named.of(
                        "two put",
                        eager(2).thread()
                                .does("put", 1)
                                .thread()
                                .does("put", 2)
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "two put, one of them is taken over from",
                        eager(2).thread()
                                .does("put", 1)
                                .thread()
                                .does("put", 2)
                                .thread()
                                .does("takeOver")
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "one puts and is taken over from twice",
                        eager(3).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("takeOver")
                                .thread()
                                .does("takeOver")
                                .after("heard", 0)
                                .after("heard", 1)
                                .after("heard", 2)),
                Named.of(
                        "one puts, another comes",
                        eager(2).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .does("put", 3)
                                .thread()
                                .does("subscribe", 2)
                                .after("heard", 0)
                                .after("heard", 2)),
                Named.of(
                        "one puts and is taken over from, another comes",
                        eager(2).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("takeOver")
                                .thread()
                                .does("subscribe", 2)
                                .after("heard", 0)
                                .after("heard", 2)),
                Named.of(
                        "one puts and is taken over from, another leaves",
                        eager(2).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("takeOver")
                                .thread()
                                .does("cancel", 1)
                                .after("heard", 0)
                                .after("isPartOf", 1, 0)),
                Named.of(
                        "one puts and is taken over from, another asks",
                        eager(2).before("subscribeFor", 2, 1)
                                .thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("takeOver")
                                .thread()
                                .does("request", 2, 1)
                                .after("heard", 0)
                                .after("heard", 2)),
                Named.of(
                        "one puts, another asks for everything",
                        eager(1).before("subscribeFor", 1, 0)
                                .thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("request", 1, Integer.MAX_VALUE)
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "one puts and is taken over from while it ends",
                        eager(2).thread()
                                .does("put", 1)
                                .thread()
                                .does("takeOver")
                                .thread()
                                .does("complete")
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "one comes while it ends",
                        eager(1).before("put", 1)
                                .thread()
                                .does("subscribe", 1)
                                .thread()
                                .does("put", 2)
                                .does("complete")
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "one puts, one comes, and it ends",
                        eager(1).thread()
                                .does("put", 1)
                                .thread()
                                .does("subscribe", 1)
                                .thread()
                                .does("complete")
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "two put, one reads the backlog",
                        eager(1).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .does("put", 3)
                                .thread()
                                .does("backlog")
                                .does("backlog")
                                .thread()
                                .does("put", 4)
                                .after("backlog")),
                Named.of(
                        "one seals and puts, another reads the backlog",
                        eager(1).before("put", 1)
                                .thread()
                                .does("put", 2)
                                .does("seal")
                                .does("put", 3)
                                .thread()
                                .does("backlog")
                                .does("backlog")
                                .after("backlog")),
                Named.of(
                        "two put, and so does a subscriber",
                        eager(1).before("subscribeEcho", 1)
                                .before("subscribe", 2)
                                .thread()
                                .does("put", 1)
                                .thread()
                                .does("put", 2)
                                .after("heardSorted", 0)
                                .after("agree", 1, 0)
                                .after("agree", 2, 0)));
    }

    private static Scenario eager(int subscribers) {
        Scenario scenario = new Scenario(BroadcastOperations.class);
        for (int who = 0; who < subscribers; who++) {
            scenario.before("subscribe", who);
        }
        return scenario;
    }

    @Tag("interleavings")
    @Test
    void shouldBehaveLikeTheModelInEveryInterleaving() {
        Scenario.modelCheck(scenarios().map(Named::getPayload).toList(), BroadcastOperations.Model.class);
    }
}
