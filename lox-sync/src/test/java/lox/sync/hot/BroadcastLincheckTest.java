package lox.sync.hot;

import java.util.stream.Stream;
import lox.sync.lock.lincheck.Scenario;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One order for all, no gap and no double, whoever puts, comes, asks, leaves, and gets stuck. Each scenario is run by the model
 * checker and compared with one operation at a time.
 *
 * <p>In the model time stands still, so nobody takes over for want of patience; instead {@code relieve} takes over from whoever
 * walks, at any point.
 */
@Timeout(300) // the model checker is slow where others use the processors, never hung
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
                        "two put, one of them is relieved",
                        eager(2).thread()
                                .does("put", 1)
                                .thread()
                                .does("put", 2)
                                .thread()
                                .does("relieve")
                                .after("heard", 0)
                                .after("heard", 1)),
                Named.of(
                        "one puts and is relieved twice",
                        eager(3).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("relieve")
                                .thread()
                                .does("relieve")
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
                        "one puts and is relieved, another comes",
                        eager(2).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("relieve")
                                .thread()
                                .does("subscribe", 2)
                                .after("heard", 0)
                                .after("heard", 2)),
                Named.of(
                        "one puts and is relieved, another leaves",
                        eager(2).thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("relieve")
                                .thread()
                                .does("cancel", 1)
                                .after("heard", 0)
                                .after("isPartOf", 1, 0)),
                Named.of(
                        "one puts and is relieved, another asks",
                        eager(2).before("subscribeFor", 2, 1)
                                .thread()
                                .does("put", 1)
                                .does("put", 2)
                                .thread()
                                .does("relieve")
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
                        "one puts and is relieved while it ends",
                        eager(2).thread()
                                .does("put", 1)
                                .thread()
                                .does("relieve")
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

    @ParameterizedTest
    @MethodSource("scenarios")
    void shouldBehaveLikeTheModelInEveryInterleaving(Scenario scenario) {
        scenario.modelCheckAgainst(BroadcastOperations.Model.class);
    }
}
