package lox.examples.recipes;

import java.util.TreeSet;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;

/** Shown in docs/recipes/at-most-three-at-once.md. */
public class ThreeConnections {
    public static void main(String[] args) {
        IndexSemaphore connections = new IndexSemaphore(3);
        Scatter<Integer, Integer> store = Lox.thread(8, row -> {
            Thread.sleep(2); // prepares the row: eight at once
            try (IndexPermit connection = connections.acquire()) {
                Thread.sleep(1); // uses the connection: three at once
                return connection.index();
            }
        });
        System.out.println(new TreeSet<>(store.gather(IntStream.range(0, 24).boxed())));
    }
}
