package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import lox.sync.Lox;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;
import reactor.adapter.JdkFlowAdapter;

/** Who is there, as it changes, in each dialect. */
class MemberUpdatesTest {
    private final BlockingQueue<List<Member>> seen = new LinkedBlockingQueue<>();

    private List<Member> awaitMembers(Predicate<List<Member>> condition) throws InterruptedException {
        List<Member> members;
        do {
            members = Objects.requireNonNull(seen.poll(Patience.SECONDS, TimeUnit.SECONDS), "nothing has come");
        } while (!condition.test(members));
        return members;
    }

    private static List<String> names(List<Member> members) {
        return members.stream().map(Member::name).toList();
    }

    private static int used(List<Member> members) {
        return members.stream().mapToInt(Member::used).sum();
    }

    @Test
    void shouldTellWhoComesGoesAndIsUsed() throws Exception {
        CountDownLatch isOver = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try {
            Flow.Publisher<List<Member>> updates = watchAll(isOver, mayGoOn);
            assertThat(isOver.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            Flowable.fromPublisher(FlowAdapters.toPublisher(updates))
                    .test()
                    .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                    .assertResult();
        } finally {
            mayGoOn.countDown();
        }
    }

    /** Returns what has ended with its cluster. */
    private Flow.Publisher<List<Member>> watchAll(CountDownLatch isOver, CountDownLatch mayGoOn) throws Exception {
        try (LocalMembers members = LocalMembers.start(1, 1);
                Cluster cluster = members.join()) {
            Flow.Publisher<List<Member>> updates = cluster.memberUpdates();
            // one who blocks in the middle of all that
            JdkFlowAdapter.flowPublisherToFlux(updates).subscribe(list -> await(mayGoOn));
            JdkFlowAdapter.flowPublisherToFlux(updates).subscribe(seen::add, failure -> {}, isOver::countDown);
            TestSubscriber<List<Member>> inRxJava =
                    Flowable.fromPublisher(FlowAdapters.toPublisher(updates)).test();

            awaitMembers(list -> names(list).equals(List.of("local-1")));
            try (Workers workers = Workers.processes(1).on(cluster).build()) {
                assertThat(Lox.on(workers, (Integer i) -> i + 1).gather(List.of(1)))
                        .containsExactly(2);
                awaitMembers(list -> used(list) == 1);
            }
            awaitMembers(list -> used(list) == 0);
            members.add();
            awaitMembers(list -> list.size() == 2);
            members.processes().get(0).destroy(); // SIGTERM: it says that it leaves, and does
            assertThat(names(awaitMembers(list -> list.size() == 1))).containsExactly("local-2");

            assertThat(JdkFlowAdapter.flowPublisherToFlux(updates).blockFirst(Patience.LIMIT))
                    .isEqualTo(cluster.members());
            Patience.until("RxJava has it, too", () -> inRxJava.values().contains(cluster.members()));
            inRxJava.assertNoErrors().assertNotComplete();
            assertThat(isOver.getCount()).isEqualTo(1);
            return updates;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }
}
