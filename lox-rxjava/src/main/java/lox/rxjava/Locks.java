package lox.rxjava;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.CompletableSource;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.MaybeSource;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleSource;
import io.reactivex.rxjava3.functions.Function;
import java.util.Objects;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Pipelines that hold a permit of a {@linkplain lox.sync.lock lock} while they run. No thread waits: where a permit
 * is not free at once, the body is subscribed to later.
 *
 * <pre>{@code
 * QLock lock = new QLock();
 * Single<Receipt> receipt = Locks.usingSingle(lock, permit -> bank.transfer(order));
 * }</pre>
 *
 * <p>For all methods:
 *
 * <ul>
 *   <li>Nothing is acquired before somebody subscribes, and every subscription has a permit of its own.
 *   <li>The body is subscribed to in the thread that subscribes, or, after a wait, in the one that gave the permit
 *       back. A body that blocks or must run elsewhere is given with the scheduler to run on.
 *   <li>The permit is given back exactly once, before the downstream hears of the end. A dispose before the grant
 *       withdraws the request; after it, the permit goes back as soon as no thread is inside the body's
 *       {@code subscribe} or {@code request}: a {@code fromCallable} that is disposed of while it runs keeps the permit
 *       until it has ended. Given a scheduler, that is so on the scheduler's thread too; no thread of it is taken
 *       before the permit is there.
 *   <li>What a body runs on other threads by operators of its own, {@code subscribeOn} or {@code observeOn}, is not
 *       seen: a dispose gives the permit back although it may still go on.
 *   <li>A {@code doFinally} inside the body runs after the permit has gone back, since it runs after the end that it
 *       has seen. What has to be cleaned up under the lock is done by {@code doOnTerminate} and {@code doOnDispose}, or
 *       by {@code using}, which clean up before they end.
 *   <li>If the body may close the permit itself, earlier, it is free to.
 *   <li>An error that RxJava does not signal because it holds it to be fatal is thrown on, and the permit goes back.
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
     * @return the body's value or its error
     */
    public static <P extends Permit, T> Single<T> usingSingle(
            Acquirable<? extends P> lock, Function<? super P, ? extends SingleSource<? extends T>> body) {
        return singleOf(lock, null, body);
    }

    /**
     * A value made on a scheduler while holding a permit. It is handed on after the permit has been given back.
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to, as by {@code subscribeOn}; a dispose interrupts it there
     * @param body makes the value; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's value or its error
     */
    public static <P extends Permit, T> Single<T> usingSingle(
            Acquirable<? extends P> lock,
            Scheduler scheduler,
            Function<? super P, ? extends SingleSource<? extends T>> body) {
        return singleOf(lock, Objects.requireNonNull(scheduler, "scheduler"), body);
    }

    private static <P extends Permit, T> Single<T> singleOf(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends SingleSource<? extends T>> body) {
        Objects.requireNonNull(body, "body");
        Single<T> single = Locks.<P, T>flowableOf(
                        lock,
                        scheduler,
                        permit -> Single.just(permit).<T>flatMap(body).toFlowable())
                .singleOrError();
        // Not as it is: its toFlowable() would be another operator, which takes a dispose just before the end for an
        // empty
        // body, and reports a NoSuchElementException that nobody can receive.
        return Single.wrap(observer -> single.subscribe(observer));
    }

    /**
     * A value, or none, made while holding a permit. It is handed on after the permit has been given back.
     *
     * @param lock what the body needs
     * @param body makes the value; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's value, its completion or its error
     */
    public static <P extends Permit, T> Maybe<T> usingMaybe(
            Acquirable<? extends P> lock, Function<? super P, ? extends MaybeSource<? extends T>> body) {
        return maybeOf(lock, null, body);
    }

    /**
     * A value, or none, made on a scheduler while holding a permit. It is handed on after the permit has been given
     * back.
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to, as by {@code subscribeOn}; a dispose interrupts it there
     * @param body makes the value; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's value, its completion or its error
     */
    public static <P extends Permit, T> Maybe<T> usingMaybe(
            Acquirable<? extends P> lock,
            Scheduler scheduler,
            Function<? super P, ? extends MaybeSource<? extends T>> body) {
        return maybeOf(lock, Objects.requireNonNull(scheduler, "scheduler"), body);
    }

    private static <P extends Permit, T> Maybe<T> maybeOf(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends MaybeSource<? extends T>> body) {
        Objects.requireNonNull(body, "body");
        return Locks.<P, T>flowableOf(
                        lock,
                        scheduler,
                        permit -> Maybe.just(permit).<T>flatMap(body).toFlowable())
                .singleElement();
    }

    /**
     * Something done while holding a permit. The completion comes after the permit has been given back.
     *
     * @param lock what the body needs
     * @param body does it; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @return the body's completion or its error
     */
    public static <P extends Permit> Completable usingCompletable(
            Acquirable<? extends P> lock, Function<? super P, ? extends CompletableSource> body) {
        return completableOf(lock, null, body);
    }

    /**
     * Something done on a scheduler while holding a permit. The completion comes after the permit has been given back.
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to, as by {@code subscribeOn}; a dispose interrupts it there
     * @param body does it; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @return the body's completion or its error
     */
    public static <P extends Permit> Completable usingCompletable(
            Acquirable<? extends P> lock, Scheduler scheduler, Function<? super P, ? extends CompletableSource> body) {
        return completableOf(lock, Objects.requireNonNull(scheduler, "scheduler"), body);
    }

    private static <P extends Permit> Completable completableOf(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends CompletableSource> body) {
        Objects.requireNonNull(body, "body");
        return flowableOf(
                        lock,
                        scheduler,
                        permit -> Single.just(permit).flatMapCompletable(body).toFlowable())
                .ignoreElements();
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
    public static <P extends Permit, T> Flowable<T> usingFlowable(
            Acquirable<? extends P> lock, Function<? super P, ? extends Publisher<? extends T>> body) {
        return flowableOf(lock, null, body);
    }

    /**
     * Values made on a scheduler while holding a permit. They are handed on while it is held; the completion or the
     * error comes after it has been given back.
     *
     * @param lock what the body needs
     * @param scheduler where the body is subscribed to, as by {@code subscribeOn}; a dispose interrupts it there
     * @param body makes the values; called once per subscription, with its permit
     * @param <P> the kind of permit
     * @param <T> the kind of value
     * @return the body's values, its completion or its error
     */
    public static <P extends Permit, T> Flowable<T> usingFlowable(
            Acquirable<? extends P> lock,
            Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        return flowableOf(lock, Objects.requireNonNull(scheduler, "scheduler"), body);
    }

    private static <P extends Permit, T> Flowable<T> flowableOf(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        return FlowableUsingLock.<P, T>of(
                Objects.requireNonNull(lock, "lock"), scheduler, Objects.requireNonNull(body, "body"));
    }
}
