package lox.examples;

import java.io.PrintStream;
import lox.sync.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a gather is: a live bar on a terminal, plain lines elsewhere. */
interface ProgressLine extends Progress, AutoCloseable {
    @Override
    void close();

    static ProgressLine of(String title, int total, boolean terminal, PrintStream out) {
        return terminal ? new Bar(title, total, out) : new Lines(title, out);
    }

    /** A bar that is drawn over and over in one line of the terminal. */
    final class Bar implements ProgressLine {
        private static final int COLUMNS = 79;

        private final ProgressBar bar;

        private Bar(String title, int total, PrintStream out) {
            bar = new ProgressBarBuilder()
                    .setTaskName(String.format("%-23s", title))
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(40)
                    .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
                    .hideEta()
                    .build();
        }

        @Override
        public void update(long done, long failed, long total) {
            bar.stepTo(done);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A line at the beginning and one at the end. */
    final class Lines implements ProgressLine {
        private final String title;
        private final PrintStream out;

        private Lines(String title, PrintStream out) {
            this.title = title;
            this.out = out;
        }

        @Override
        public void update(long done, long failed, long total) {
            if (done == 0 || done == total) {
                out.println(title + ": " + done + " of " + total);
            }
        }

        @Override
        public void close() {}
    }
}
