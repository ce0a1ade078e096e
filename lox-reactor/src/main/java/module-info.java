/** Scatter and gather, locks, hot publishers and worker processes over Mono and Flux. */
@SuppressWarnings({
    "requires-automatic", // Reactor has no module descriptor yet
    "requires-transitive-automatic"
})
module lox.reactor {
    requires transitive lox.sync;
    requires transitive reactor.core;
    requires transitive org.reactivestreams;
    requires static org.jspecify;

    exports lox.reactor;
}
