package lox.examples.locks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import lox.sync.lock.Acquirable;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;

/**
 * Many people may use the restroom together; the janitor wants it to himself. Person 0 is inside when the janitor comes;
 * person 1 comes after the janitor.
 */
public final class Restroom {
    private Restroom() {}

    /**
     * With a light switch the people come first, however long the janitor has waited.
     *
     * @return who entered and left, in this order
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static List<String> withLightSwitch() throws InterruptedException {
        QLock room = new QLock();
        return run(new LightSwitch(room), room, true);
    }

    /**
     * With a read-write lock everybody who comes after the janitor waits for him.
     *
     * @return who entered and left, in this order
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static List<String> withReadWriteLock() throws InterruptedException {
        RWLock room = new RWLock();
        return run(room.read(), room.write(), false);
    }

    private static List<String> run(
            Acquirable<? extends Permit> people, Acquirable<? extends Permit> janitor, boolean peopleFirst)
            throws InterruptedException {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Permit person0 = people.acquire();
        log.add("person 0 enters");
        // A request takes its place in the line at once; who comes next, comes after it.
        var cleaning = janitor.request()
                .stage()
                .thenAccept(permit -> visit("janitor", permit, log))
                .toCompletableFuture();
        CountDownLatch person1IsIn = new CountDownLatch(1);
        var visiting = people.request()
                .stage()
                .thenAccept(permit -> {
                    person1IsIn.countDown();
                    visit("person 1", permit, log);
                })
                .toCompletableFuture();
        if (peopleFirst) {
            person1IsIn.await();
        }
        log.add("person 0 leaves");
        person0.close();
        cleaning.join();
        visiting.join();
        return List.copyOf(log);
    }

    private static void visit(String who, Permit permit, List<String> log) {
        log.add(who + " enters");
        log.add(who + " leaves");
        permit.close();
    }

    /**
     * Prints both orders.
     *
     * @param args none are read
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        System.out.println("LightSwitch: " + withLightSwitch());
        System.out.println("RWLock:      " + withReadWriteLock());
    }
}
