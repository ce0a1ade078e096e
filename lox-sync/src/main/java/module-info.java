/**
 * Scatter and gather, locks, hot publishers and worker processes for plain Java, on the JDK alone. What is not exported
 * here may change in every release.
 */
@SuppressWarnings({
    "module", // the adapters, lox.cluster and lox.progress are compiled later
    "requires-automatic" // context-propagation and BlockHound have no module descriptor yet
})
module lox.sync {
    requires java.management;
    requires static jdk.jfr;
    requires static org.jspecify;
    requires static context.propagation;
    // Not "provides" as well: without BlockHound, that would keep this module from being resolved.
    requires static reactor.blockhound;

    exports lox.sync;
    exports lox.sync.event;
    exports lox.sync.lock;
    exports lox.sync.process;

    // for lox.progress
    exports lox.sync.internal.time to
            lox.cluster,
            lox.progress;

    // for lox.cluster
    exports lox.sync.spi.host to
            lox.cluster;
    exports lox.sync.internal.process to
            lox.cluster;

    // for the adapters; of it, lox.cluster uses the last resort for failures
    exports lox.sync.spi to
            lox.cluster,
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.adapter to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.core to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.engine to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.expand to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.funnel to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.hot to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.lock to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.map to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.pool to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.result to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.schedule to
            lox.reactor,
            lox.rxjava;
    exports lox.sync.internal.stream to
            lox.reactor,
            lox.rxjava;
}
