package lox.examples;

import lox.reactor.ProcessScheduler;
import reactor.core.publisher.Flux;

/** Parallel rails of a Flux, each with a JVM of its own at hand. */
public final class JvmsInReactor {
    private JvmsInReactor() {}

    /**
     * Counts the points of the Mandelbrot set, strip by strip.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        Mandelbrot picture = new Mandelbrot(200, 20, 255);
        ProcessScheduler jvms = ProcessScheduler.create(2);
        Integer points = Flux.range(0, picture.strips())
                .parallel(2)
                .runOn(jvms)
                .map(jvms.remote(strip -> Points.ofTheSet(picture.strip(strip))))
                .sequential()
                .reduce(0, Integer::sum) // here again
                .block();
        System.out.println(picture.strips() + " strips, " + points + " points");
    }
}
