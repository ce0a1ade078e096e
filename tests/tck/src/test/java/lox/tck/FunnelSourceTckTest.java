package lox.tck;

import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.Funnel;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** What subscribes to a publisher that feeds an input. */
public class FunnelSourceTckTest extends FlowSubscriberBlackboxVerification<Integer> {

    public FunnelSourceTckTest() {
        super(Environments.patient());
    }

    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, Integer> input = funnel.input("input");
        Kept kept = new Kept();
        input.from(kept, value -> value);
        return kept.subscriber();
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }

    /** Keeps its subscriber, to be subscribed to another publisher. */
    private static final class Kept implements Flow.Publisher<Integer> {
        private Flow.@Nullable Subscriber<? super Integer> given;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> subscriber) {
            given = subscriber;
        }

        @SuppressWarnings("unchecked") // a subscriber of Integer and its supertypes takes Integers
        Flow.Subscriber<Integer> subscriber() {
            return (Flow.Subscriber<Integer>) Objects.requireNonNull(given, "not subscribed to");
        }
    }
}
