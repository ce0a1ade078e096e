/** Metrics of workers, tasks, batches and worker processes for Micrometer, and an observation for each batch. */
@SuppressWarnings({
    "requires-automatic", // Micrometer has no module descriptor yet
    "requires-transitive-automatic"
})
module lox.micrometer {
    requires transitive lox.sync;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    requires transitive micrometer.commons;
    requires static org.jspecify;

    exports lox.micrometer;
}
