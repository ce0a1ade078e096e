/** Worker processes on other machines. */
@SuppressWarnings("requires-automatic") // JGroups has no module descriptor yet
module lox.cluster {
    requires transitive lox.sync;
    requires static org.jspecify;
    requires org.jgroups;

    exports lox.cluster;

    // It makes a token by its name.
    exports lox.cluster.internal to
            org.jgroups;
}
