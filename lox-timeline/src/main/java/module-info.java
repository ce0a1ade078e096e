/** A picture of a run: an HTML page or a Chrome trace, from live workers or from a JFR recording. */
module lox.timeline {
    requires transitive lox.sync;
    requires jdk.jfr;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports lox.timeline;
}
