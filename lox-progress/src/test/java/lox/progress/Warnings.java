package lox.progress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what is logged for lox.progress, instead of printing it. */
final class Warnings implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("lox.progress"); // where the JDK's System.Logger goes
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Warnings() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    List<String> messages() {
        return records.stream()
                .filter(logged -> logged.getLevel().equals(Level.WARNING))
                .map(LogRecord::getMessage)
                .toList();
    }

    List<Throwable> reasons() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
