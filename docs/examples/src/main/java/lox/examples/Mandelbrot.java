package lox.examples;

import java.io.Serializable;

/**
 * A picture of the Mandelbrot set, cut into strips that can be rendered apart.
 *
 * @param width of the picture, which is as high as it is wide
 * @param strips how many
 * @param iterations after which a point is taken for one of the set
 */
record Mandelbrot(int width, int strips, int iterations) implements Serializable {
    /**
     * Renders a strip.
     *
     * @param number from 0
     * @return one byte a point, line by line
     */
    byte[] strip(int number) {
        int from = width * number / strips;
        int to = width * (number + 1) / strips;
        byte[] points = new byte[(to - from) * width];
        for (int y = from; y < to; y++) {
            for (int x = 0; x < width; x++) {
                points[(y - from) * width + x] = (byte) escape(3.0 * x / width - 2.25, 3.0 * y / width - 1.5);
            }
        }
        return points;
    }

    private int escape(double re, double im) {
        double x = 0;
        double y = 0;
        int n = 0;
        while (n < iterations && x * x + y * y <= 4) {
            double next = x * x - y * y + re;
            y = 2 * x * y + im;
            x = next;
            n++;
        }
        return n;
    }
}
