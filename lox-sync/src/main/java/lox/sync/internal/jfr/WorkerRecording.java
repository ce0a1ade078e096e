package lox.sync.internal.jfr;

/** Records one worker process, which begins now. */
public final class WorkerRecording {
    private final JfrWorker worker = new JfrWorker();

    WorkerRecording() {
        worker.begin();
    }

    /** Records the process, which has ended. */
    public void commit(String workers, String name, long pid, String end, long sent, long received) {
        worker.end();
        if (worker.shouldCommit()) {
            worker.workers = workers;
            worker.worker = name;
            worker.pid = pid;
            worker.end = end;
            worker.sent = sent;
            worker.received = received;
            worker.commit();
        }
    }
}
