package lox.examples.recipes;

import java.util.concurrent.CompletableFuture;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/kill-all-children.md. */
public class EndlessTask {
    static long spin(int step) {
        System.out.println(ProcessHandle.current().pid());
        long sum = 0;
        while (sum >= 0) { // for ever with 0; no interrupt ends it
            sum += step;
        }
        return sum;
    }

    public static void main(String[] args) {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        Workers children = Workers.processes(1)
                .output(line -> pid.complete(Long.valueOf(line.text())))
                .build();
        Scatter<Integer, Long> spin = Lox.on(children, EndlessTask::spin);
        CompletableFuture<Long> result = spin.submit(0);

        ProcessHandle child = ProcessHandle.of(pid.join()).orElseThrow();
        result.cancel(true); // kills the child; so do orTimeout, gather(Duration), taskTimeout and close()
        child.onExit().join();
        System.out.println("alive: " + child.isAlive());

        children.close(); // the others, too, had there been any
    }
}
