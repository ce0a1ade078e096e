/** Progress bars for gathers, maps and loops, on terminals and in log files. */
module lox.progress {
    requires transitive lox.sync;
    requires static org.jspecify;
    requires me.tongfei.progressbar;

    exports lox.progress;
}
