package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import lox.sync.Lox;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

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
        try (LocalMembers members = LocalMembers.start(1, 1);
                Cluster cluster = members.join()) {
            // one who blocks in the middle of all that
            JdkFlowAdapter.flowPublisherToFlux(cluster.memberUpdates()).subscribe(list -> await(mayGoOn));
            Flux<List<Member>> flux = JdkFlowAdapter.flowPublisherToFlux(cluster.memberUpdates());
            flux.subscribe(seen::add, failure -> {}, isOver::countDown);
            TestSubscriber<List<Member>> inRxJava = Flowable.fromPublisher(
                            FlowAdapters.toPublisher(cluster.memberUpdates()))
                    .test();

            awaitMembers(list -> names(list).equals(List.of("local-1")));
            try (Workers workers = Workers.processes(1).on(cluster).build()) {
                assertThat(Lox.on(workers, (Integer i) -> i + 1).gather(List.of(1)))
                        .containsExactly(2);
                awaitMembers(list -> used(list) == 1);
            }
            awaitMembers(list -> used(list) == 0);
            members.add();
            awaitMembers(list -> list.size() == 2);
            Process first = members.processes().get(0);
            first.destroy(); // SIGTERM: it says that it leaves, and does
            assertThat(awaitMembers(list -> list.size() == 1))
                    .extracting(Member::name)
                    .containsExactly("local-2");

            assertThat(JdkFlowAdapter.flowPublisherToFlux(cluster.memberUpdates())
                            .blockFirst(Patience.LIMIT))
                    .isEqualTo(cluster.members());
            assertThat(isOver.getCount()).isEqualTo(1);
            cluster.close();
            assertThat(isOver.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(inRxJava.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            inRxJava.assertNoErrors().assertComplete();
            assertThat(inRxJava.values()).doesNotContainNull().isNotEmpty();
            Flowable.fromPublisher(FlowAdapters.toPublisher(cluster.memberUpdates()))
                    .test()
                    .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                    .assertResult();
        } finally {
            mayGoOn.countDown();
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
