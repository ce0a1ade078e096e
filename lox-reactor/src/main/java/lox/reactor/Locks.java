package lox.reactor;

import java.util.Objects;
import java.util.function.Function;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Pipelines that hold a permit of a {@linkplain lox.sync.lock lock} while they run. No thread waits: where a permit
 * is not free at once, the body is subscribed to later.
 *
 * <pre>{@code
 * QLock lock = new QLock();
 * Mono<Receipt> receipt = Locks.usingMono(lock, permit -> bank.transfer(order));
 * }</pre>
 *
 * <p>For all methods:
 *
 * <ul>
 *   <li>Nothing is acquired before somebody subscribes, and every subscription has a permit of its own.
 *   <li>The body is subscribed to in the thread that subscribes, or, after a wait, in the one that gave the permit
 *       back. A body that blocks or must run elsewhere is given with the scheduler to run on.
 *   <li>The permit is given back exactly once, before the downstream hears of the end. A cancel before the grant
 *       withdraws the request; after it, the permit goes back as soon as no thread is inside the body's
 *       {@code subscribe} or {@code request}: a {@code fromCallable} that is cancelled while it runs keeps the permit
 *       until it has ended. Given a scheduler, that is so on the scheduler's thread too.
 *   <li>What a body runs on other threads by operators of its own, {@code subscribeOn} or {@code publishOn}, is not
 *       seen: a cancel gives the permit back although it may still go on.
 *   <li>A {@code doFinally} inside the body runs after the permit has gone back, since it runs after the end that it
 *       has seen. What has to be cleaned up under the lock is done by {@code doOnTerminate} and {@code doOnCancel}, or
 *       by {@code using} and {@code usingWhen}, which clean up before they end.
 *   <li>If the body may close the permit itself, earlier, it is free to.
 *   <li>An error that Reactor does not signal because it holds it to be fatal is thrown on, and the permit goes back.
 * </ul>
 */
public final class Locks {
    private Locks() {}

    /**
     * A value made while holding a permit. It is handed on after the permit has been given back.
     *
     * @param lock what the body needs
     * @param body makes the value; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's value, its completion or its error
     */
    public static <P extends Permit, T> Mono<T> usingMono(
            Acquirable<? extends P> lock, Function<? super P, ? extends Mono<? extends T>> body) {
        return MonoUsingLock.<P, T>of(Objects.requireNonNull(lock, "lock"), null, Objects.requireNonNull(body, "body"));
    }

    /**
     * A value made on a scheduler while holding a permit, by blocking code for instance. No thread of the scheduler is
     * taken before the permit is there.
     *
     * <pre>{@code
     * Mono<Image> image = Locks.usingMono(cards, Schedulers.boundedElastic(), card ->
     *         Mono.fromCallable(() -> render(scene, card.index())));
     * }</pre>
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to, as by {@code subscribeOn}; a cancel interrupts it there
     * @param body makes the value; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's value, its completion or its error; it is handed on after the permit has been given back
     */
    public static <P extends Permit, T> Mono<T> usingMono(
            Acquirable<? extends P> lock, Scheduler scheduler, Function<? super P, ? extends Mono<? extends T>> body) {
        return MonoUsingLock.<P, T>of(
                Objects.requireNonNull(lock, "lock"),
                Objects.requireNonNull(scheduler, "scheduler"),
                Objects.requireNonNull(body, "body"));
    }

    /**
     * Values made while holding a permit. They are handed on while it is held; the completion or the error comes after
     * it has been given back.
     *
     * @param lock what the body needs
     * @param body makes the values; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's values, its completion or its error
     */
    public static <P extends Permit, T> Flux<T> usingFlux(
            Acquirable<? extends P> lock, Function<? super P, ? extends Publisher<? extends T>> body) {
        return FluxUsingLock.<P, T>of(Objects.requireNonNull(lock, "lock"), null, Objects.requireNonNull(body, "body"));
    }

    /**
     * Values made on a scheduler while holding a permit. No thread of the scheduler is taken before the permit is
     * there.
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to and asked for values, as by {@code subscribeOn}; a cancel
     *     interrupts it there
     * @param body makes the values; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's values, its completion or its error; the values are handed on while the permit is held
     */
    public static <P extends Permit, T> Flux<T> usingFlux(
            Acquirable<? extends P> lock,
            Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        return FluxUsingLock.<P, T>of(
                Objects.requireNonNull(lock, "lock"),
                Objects.requireNonNull(scheduler, "scheduler"),
                Objects.requireNonNull(body, "body"));
    }
}
