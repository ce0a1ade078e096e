package lox.examples.locks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lox.reactor.Locks;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Four graphics cards, shared by more workers than there are cards. */
public final class GraphicsCards {
    private final IndexSemaphore cards = new IndexSemaphore(4);
    private final Renderer renderer;

    /** What a card does; never called by two workers at once for the same card. */
    public interface Renderer {
        /**
         * Renders one frame.
         *
         * @param frame which frame
         * @param card on which card, from 0 to 3
         * @return the picture
         */
        String render(int frame, int card);
    }

    /**
     * Cards that are all free.
     *
     * @param renderer what they do
     */
    public GraphicsCards(Renderer renderer) {
        this.renderer = renderer;
    }

    /**
     * Each worker blocks until it has a card.
     *
     * @param frames how many frames
     * @param workers how many threads
     * @return the pictures, in order
     * @throws InterruptedException if the calling thread is interrupted
     * @throws ExecutionException if a frame fails
     */
    public List<String> renderWithThreads(int frames, int workers) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<String>> pictures = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                int frame = i;
                pictures.add(pool.submit(() -> {
                    try (IndexPermit card = cards.acquire()) {
                        return renderer.render(frame, card.index());
                    }
                }));
            }
            List<String> result = new ArrayList<>();
            for (Future<String> picture : pictures) {
                result.add(picture.get());
            }
            return result;
        } finally {
            pool.shutdown();
        }
    }

    /**
     * No worker waits: a frame goes on when a card is free.
     *
     * @param frames how many frames
     * @return the pictures, in order
     */
    public Flux<String> renderInAPipeline(int frames) {
        return Flux.range(0, frames)
                .flatMapSequential(frame -> Locks.usingMono(
                        cards,
                        Schedulers.boundedElastic(),
                        card -> Mono.fromCallable(() -> renderer.render(frame, card.index()))));
    }

    /**
     * Renders twelve frames both ways and prints them.
     *
     * @param args none are read
     * @throws InterruptedException if the calling thread is interrupted
     * @throws ExecutionException if a frame fails
     */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        GraphicsCards cards = new GraphicsCards((frame, card) -> "frame " + frame + " on card " + card);
        System.out.println(cards.renderWithThreads(12, 8));
        System.out.println(cards.renderInAPipeline(12).collectList().block());
    }
}
