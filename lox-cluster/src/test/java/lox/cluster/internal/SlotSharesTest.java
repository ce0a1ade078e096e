package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs and workers are names here, and the clock is a number. */
class SlotSharesTest {
    private static final long LATER = SlotShares.KEPT_NANOS;

    private final SlotShares<String, String> shares = new SlotShares<>(4);

    private void take(String program, String... workers) {
        for (String worker : workers) {
            assertThat(shares.take(program, worker)).as(worker).isTrue();
        }
    }

    @Test
    void shouldGiveAllSlotsToOneProgramWhileNobodyElseWaits() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("a", "a5")).isFalse();
        assertThat(shares.wantBackFor("a")).isNull();
    }

    @Test
    void shouldMoveSlotsUntilSharesAreEqual() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("b", "b1")).isFalse();
        assertThat(shares.wantBackFor("b")).isEqualTo("a4");
        assertThat(shares.end("a4", 0)).containsExactly("b");
        assertThat(shares.take("a", "a5")).as("it is kept for b").isFalse();
        assertThat(shares.wantBackFor("a")).isNull();
        take("b", "b1");

        assertThat(shares.take("b", "b2")).isFalse();
        assertThat(shares.wantBackFor("b")).isEqualTo("a3");
        assertThat(shares.end("a3", 0)).containsExactly("b");
        take("b", "b2");

        assertThat(shares.take("b", "b3")).isFalse();
        assertThat(shares.wantBackFor("b")).as("both have two").isNull();
    }

    @Test
    void shouldWantOneBackForEachThatWaits() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("b", "b1")).isFalse();
        assertThat(shares.wantBackFor("b")).isEqualTo("a4");
        assertThat(shares.take("b", "b1")).isFalse();
        assertThat(shares.wantBackFor("b")).as("one is on its way").isNull();
        assertThat(shares.take("c", "c1")).isFalse();
        assertThat(shares.wantBackFor("c")).isEqualTo("a3");
        assertThat(shares.end("a3", 0)).containsExactly("b");
        assertThat(shares.end("a4", 0)).containsExactlyInAnyOrder("b", "c");
        take("c", "c1");
        take("b", "b1");
    }

    @Test
    void shouldKeepASlotForTheOneWithTheFewest() {
        take("a", "a1");
        take("b", "b1", "b2", "b3");
        assertThat(shares.take("b", "b4")).isFalse();
        assertThat(shares.take("a", "a2")).isFalse();
        assertThat(shares.end("b3", 0)).containsExactly("a");
    }

    @Test
    void shouldLeaveSharesThatDifferByOne() {
        take("a", "a1", "a2");
        take("b", "b1", "b2");
        assertThat(shares.end("b2", 0)).isEmpty();
        take("c", "c1");
        assertThat(shares.take("c", "c2")).isFalse();
        assertThat(shares.wantBackFor("c")).isNull();
    }

    @Test
    void shouldKeepNoSlotForAProgramThatDoesNotCome() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("b", "b1")).isFalse();
        shares.wantBackFor("b");
        assertThat(shares.end("a4", 5)).containsExactly("b");
        assertThat(shares.take("a", "a5")).isFalse();
        assertThat(shares.release(5 + LATER - 1)).isEmpty();
        assertThat(shares.release(5 + LATER)).containsExactly("a");
        take("a", "a5");
    }

    @Test
    void shouldForgetAProgramThatHasLeft() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("b", "b1")).isFalse();
        assertThat(shares.end("a4", 0)).containsExactly("b");
        assertThat(shares.take("a", "a5")).isFalse();
        shares.retain(List.of("a"));
        assertThat(shares.release(1)).containsExactly("a");
        take("a", "a5");
    }

    /** Their lanes ask, not only the first of them. */
    @Test
    void shouldGiveWhatIsFreeToWhoAsksWhileOthersHaveOneKept() {
        take("a", "a1", "a2", "a3", "a4");
        assertThat(shares.take("b", "b1")).isFalse();
        assertThat(shares.end("a4", 0)).containsExactly("b");
        assertThat(shares.end("a3", 0)).containsExactly("b");
        take("c", "c1");
        assertThat(shares.take("c", "c2")).isFalse();
        assertThat(shares.wantBackFor("c")).isNull();
        take("b", "b1");
    }

    @Test
    void shouldWantNothingBackWhereNobodyHoldsASlot() {
        SlotShares<String, String> one = new SlotShares<>(1);
        assertThat(one.take("a", "a1")).isTrue();
        assertThat(one.take("b", "b1")).isFalse();
        assertThat(one.wantBackFor("b")).as("it has no more than one").isNull();
        assertThat(one.end("a1", 0)).containsExactly("b");
        assertThat(one.take("a", "a2")).isFalse();
        assertThat(one.wantBackFor("a")).isNull();
        assertThat(one.end("unknown", 0)).isEmpty();
    }
}
