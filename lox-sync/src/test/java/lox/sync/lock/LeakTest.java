package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Permits that were never closed are reported, when that is switched on. */
class LeakTest {
    private final Logger logger = Logger.getLogger("lox.sync.lock");
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void listen() {
        logger.addHandler(recorder);
        logger.setUseParentHandlers(false);
        System.setProperty("lox.lock.trackPermits", "true");
    }

    @AfterEach
    void leave() {
        System.clearProperty("lox.lock.trackPermits");
        logger.setUseParentHandlers(true);
        logger.removeHandler(recorder);
    }

    @Test
    void shouldLogWhereALostPermitWasAcquired() {
        loseOne(new QLock());
        awaitRecords(1);
        LogRecord record = recorder.records.get(0);
        assertThat(record.getMessage()).contains("QLock").contains("never closed");
        assertThat(record.getThrown().getStackTrace())
                .extracting(StackTraceElement::getMethodName)
                .contains("loseOne");
    }

    @Test
    void shouldLogWhereALostPermitWasAskedForWhenItWasGrantedLater() {
        loseOneThatWaited(new RWLock());
        awaitRecords(1);
        LogRecord record = recorder.records.get(0);
        assertThat(record.getMessage()).contains("RWLock.read()");
        assertThat(record.getThrown().getStackTrace())
                .extracting(StackTraceElement::getMethodName)
                .contains("askForIt")
                .doesNotContain("letItIn");
    }

    @Test
    void shouldLogNothingForPermitsThatWereClosedDowngradedOrNeverSeen() {
        closeMany();
        loseOne(new IndexSemaphore(1)); // to know when the collector has been by
        awaitRecords(1);
        assertThat(recorder.records)
                .extracting(LogRecord::getMessage)
                .allMatch(text -> text.contains("IndexSemaphore"));
    }

    private static void loseOne(Acquirable<? extends Permit> lock) {
        assertThat(lock.tryAcquire()).isPresent();
    }

    private static void loseOneThatWaited(RWLock lock) {
        WritePermit writing = lock.write().tryAcquire().orElseThrow();
        askForIt(lock);
        letItIn(writing);
        assertThat(lock.readers()).isEqualTo(1);
    }

    private static void askForIt(RWLock lock) {
        assertThat(lock.read().request()).isNotNull();
    }

    private static void letItIn(Permit writing) {
        writing.close();
    }

    private static void closeMany() {
        RWLock lock = new RWLock();
        LightSwitch guests = new LightSwitch(lock.read());
        for (int i = 0; i < 100; i++) {
            WritePermit writing = lock.write().tryAcquire().orElseThrow();
            PermitRequest<Permit> reader = lock.read().request();
            PermitRequest<Permit> guest = guests.request();
            PermitRequest<WritePermit> writer = lock.write().request();
            assertThat(writer.cancel()).isTrue();
            writing.downgrade().close();
            reader.close();
            guest.close();
        }
        assertThat(lock.held()).isZero();
    }

    private void awaitRecords(int count) {
        Threads.until(() -> {
            System.gc();
            return recorder.records.size() >= count;
        });
    }

    private static final class Recorder extends Handler {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
