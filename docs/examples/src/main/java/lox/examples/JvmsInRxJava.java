package lox.examples;

import io.reactivex.rxjava3.core.Flowable;
import java.util.List;
import lox.rxjava.ProcessScheduler;

/** Parallel rails of a Flowable, each with a JVM of its own at hand. */
public final class JvmsInRxJava {
    private JvmsInRxJava() {}

    /**
     * Counts the points of the Mandelbrot set, strip by strip.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        Mandelbrot picture = new Mandelbrot(200, 20, 255);
        ProcessScheduler jvms = ProcessScheduler.create(2);
        List<Integer> points = Flowable.range(0, picture.strips())
                .parallel(2)
                .runOn(jvms)
                .map(jvms.remote(strip -> Points.ofTheSet(picture.strip(strip))))
                .sequential()
                .toList()
                .blockingGet();
        System.out.println(
                points.size() + " strips, " + points.stream().mapToInt(i -> i).sum() + " points");
    }
}
