package lox.sync.internal.hot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Broadcast} with a backlog of two, as Lincheck calls it. Subscribers go by their numbers. The watchdog is an
 * operation too, {@link #takeOver}: so a drainer counts as stuck wherever it happens to be, also inside a subscriber.
 */
public final class BroadcastOperations {
    static final int BACKLOG = 2;

    private static final Dialect DIALECT = new Dialect() {
        @Override
        public void dropped(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            throw new AssertionError("nothing is gathered here");
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    };

    private final Broadcast<Integer> broadcast = new Broadcast<>(settings(), this::watch);
    private final @Nullable Listener[] listeners = new Listener[4];
    private volatile @Nullable StallProbe probe;

    private static AnnouncementSettings settings() {
        AnnouncementSettings settings = new AnnouncementSettings(IllegalStateException::new);
        settings.speak(DIALECT, () -> {
            throw new AssertionError("nothing expires here");
        });
        settings.backlog = BACKLOG;
        return settings;
    }

    private boolean watch(StallProbe given) {
        probe = given;
        return true;
    }

    public boolean put(int item) {
        try {
            broadcast.put(item, null);
            return true;
        } catch (IllegalStateException ended) {
            return false;
        }
    }

    public void complete() {
        broadcast.complete();
    }

    public void seal() {
        broadcast.seal();
    }

    public String backlog() {
        return broadcast.backlog().toString();
    }

    /** One that wants everything. */
    public void subscribe(int who) {
        subscribe(who, Long.MAX_VALUE, false);
    }

    /** One that has asked for so many. */
    public void subscribeFor(int who, int demand) {
        subscribe(who, demand, false);
    }

    /** One that puts, for each item below 10 that it hears, another that is 10 more. */
    public void subscribeEcho(int who) {
        subscribe(who, Long.MAX_VALUE, true);
    }

    private void subscribe(int who, long demand, boolean echoes) {
        Listener listener = new Listener(demand, echoes);
        listeners[who] = listener;
        broadcast.subscribe(listener, BufferPolicy.UNBOUNDED, null);
    }

    public void request(int who, int demand) {
        Objects.requireNonNull(listener(who).subscription).request(demand);
    }

    public void cancel(int who) {
        Objects.requireNonNull(listener(who).subscription).cancel();
    }

    /** What the watchdog does when a drainer has made no progress. */
    public void takeOver() {
        StallProbe known = probe;
        if (known != null) {
            known.resume();
        }
    }

    /** All signals, in order. */
    public String heard(int who) {
        return String.join(" ", listener(who).signals);
    }

    /** All signals, in the order of their names. */
    public String heardSorted(int who) {
        return listener(who).signals.stream().sorted().collect(Collectors.joining(" "));
    }

    /** Whether one has heard what another has, in the same order and without a gap, but perhaps less. */
    public boolean isPartOf(int who, int whole) {
        return (" " + heard(whole) + " ").contains(" " + heard(who) + " ")
                || heard(who).isEmpty();
    }

    public boolean agree(int one, int other) {
        return heard(one).equals(heard(other));
    }

    private Listener listener(int who) {
        return Objects.requireNonNull(listeners[who]);
    }

    private final class Listener implements Flow.Subscriber<Integer> {
        private final List<String> signals = new ArrayList<>(); // a lost one would show as well as one inside another
        private final long demand;
        private final boolean echoes;
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean inside;

        Listener(long demand, boolean echoes) {
            this.demand = demand;
            this.echoes = echoes;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (demand != 0) {
                given.request(demand);
            }
        }

        @Override
        public void onNext(Integer item) {
            if (inside) {
                signals.add("overlap");
            }
            inside = true;
            signals.add(item.toString());
            if (echoes && item < 10) {
                put(item + 10);
            }
            inside = false;
        }

        @Override
        public void onError(Throwable failure) {
            signals.add("!");
        }

        @Override
        public void onComplete() {
            signals.add(inside ? "overlap|" : "|");
        }
    }

    /** The same, one operation at a time. */
    public static final class Model {
        private final List<Integer> all = new ArrayList<>();
        private final @Nullable Ear[] ears = new Ear[4];
        private boolean ended;
        private boolean sealed;

        private static final class Ear {
            private final List<Integer> waiting = new ArrayList<>();
            private final List<String> heard = new ArrayList<>();
            private long demand;
            private boolean told;

            void hear(boolean ended) {
                while (demand > 0 && !waiting.isEmpty()) {
                    heard.add(String.valueOf(waiting.remove(0)));
                    demand--;
                }
                if (ended && waiting.isEmpty() && !told) {
                    told = true;
                    heard.add("|");
                }
            }
        }

        private Ear ear(int who) {
            return Objects.requireNonNull(ears[who]);
        }

        private void hear() {
            Stream.of(ears).filter(Objects::nonNull).forEach(ear -> ear.hear(ended));
        }

        public boolean put(int item) {
            if (ended) {
                return false;
            }
            append(item);
            if (echo && item < 10) {
                append(item + 10);
            }
            return true;
        }

        private boolean echo;

        private void append(int item) {
            all.add(item);
            Stream.of(ears).filter(Objects::nonNull).forEach(ear -> ear.waiting.add(item));
            hear();
        }

        public void complete() {
            ended = true;
            hear();
        }

        public void seal() {
            sealed = true;
        }

        public String backlog() {
            return (sealed ? List.of() : last()).toString();
        }

        private List<Integer> last() {
            return all.subList(Math.max(0, all.size() - BACKLOG), all.size());
        }

        public void subscribe(int who) {
            subscribeFor(who, Integer.MAX_VALUE);
        }

        public void subscribeEcho(int who) {
            echo = true;
            subscribe(who);
        }

        public void subscribeFor(int who, int demand) {
            Ear ear = new Ear();
            ear.demand = demand;
            ear.waiting.addAll(last());
            ears[who] = ear;
            hear();
        }

        public void request(int who, int demand) {
            ear(who).demand += demand;
            hear();
        }

        /** When it leaves is looked at by {@link #isPartOf} only. */
        public void cancel(int who) {
            ear(who);
        }

        public void takeOver() {}

        public String heard(int who) {
            return String.join(" ", ear(who).heard);
        }

        public String heardSorted(int who) {
            return ear(who).heard.stream().sorted().collect(Collectors.joining(" "));
        }

        public boolean isPartOf(int who, int whole) {
            return ear(who) != ear(whole);
        }

        public boolean agree(int one, int other) {
            return ear(one) != ear(other);
        }
    }
}
