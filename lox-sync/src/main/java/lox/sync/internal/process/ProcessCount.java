package lox.sync.internal.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lox.sync.event.WorkerEnd;

/** Counts a pool's workers and their bytes. The pool's lock guards it. */
final class ProcessCount {
    private long started;
    private long crashed;
    private long killed;
    private long sent; // to those that have ended
    private long received;

    void started() {
        started++;
    }

    void ended(Worker worker) {
        crashed += worker.howEnded() == WorkerEnd.CRASHED ? 1 : 0;
        killed += worker.howEnded() == WorkerEnd.KILLED ? 1 : 0;
        sent += worker.bytesSent();
        received += worker.bytesReceived();
    }

    /** The figures, with those that live. */
    ProcessFigures figures(Set<Worker> working, IdleWorkers idle) {
        long sentToAll = sent;
        long receivedOfAll = received;
        List<ProcessFigures.Live> live = new ArrayList<>();
        for (Worker worker : working) {
            sentToAll += worker.bytesSent();
            receivedOfAll += worker.bytesReceived();
            live.add(worker.figures(!idle.contains(worker)));
        }
        return new ProcessFigures(List.copyOf(live), started, crashed, killed, sentToAll, receivedOfAll);
    }
}
