package lox.examples.locks;

import java.util.List;
import lox.reactor.Locks;
import lox.sync.lock.WeightedSemaphore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Documents of different sizes, loaded at the same time as far as they fit into a budget of memory. */
public final class MemoryBudget {
    private final WeightedSemaphore megabytes;

    /**
     * A budget that is not used yet.
     *
     * @param megabytes how much all documents together may take while they are loaded
     */
    public MemoryBudget(int megabytes) {
        this.megabytes = new WeightedSemaphore(megabytes);
    }

    /**
     * Changes the budget, while documents are being loaded or not.
     *
     * @param available how much there is from now on
     */
    public void change(int available) {
        megabytes.resize(available);
    }

    /**
     * Loads documents. A large one waits until it fits, and small ones that come later do not overtake it.
     *
     * @param sizes of the documents, in megabytes
     * @param loader reads one, and blocks
     * @return the sizes again, in the order in which the documents were ready
     */
    public Flux<Integer> load(Iterable<Integer> sizes, Loader loader) {
        return Flux.fromIterable(sizes)
                .flatMap(size -> Locks.usingMono(
                        megabytes.weighing(size),
                        Schedulers.boundedElastic(),
                        permit -> Mono.fromCallable(() -> loader.read(size))));
    }

    /** What takes the memory. */
    public interface Loader {
        /**
         * Reads one document.
         *
         * @param size of the document, in megabytes
         * @return the size
         */
        int read(int size);
    }

    /**
     * Loads documents within 64 megabytes and prints when each is ready.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        MemoryBudget budget = new MemoryBudget(64);
        Flux<Integer> loaded = budget.load(List.of(40, 20, 60, 1, 1), size -> size);
        loaded.doOnNext(size -> System.out.println(size + " MB loaded")).blockLast();
    }
}
