/** Scatter and gather, locks, hot publishers and worker processes over Single and Flowable. */
@SuppressWarnings({
    "requires-automatic", // Reactive Streams has no module descriptor yet
    "requires-transitive-automatic"
})
module lox.rxjava {
    requires transitive lox.sync;
    requires transitive io.reactivex.rxjava3;
    requires transitive org.reactivestreams;
    requires static org.jspecify;

    exports lox.rxjava;
}
