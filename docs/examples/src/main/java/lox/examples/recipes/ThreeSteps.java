package lox.examples.recipes;

import java.util.ArrayList;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/from-python-lox.md. */
public class ThreeSteps {
    static String receive(int reading) throws InterruptedException {
        Thread.sleep(5);
        return " " + reading + " degrees ";
    }

    public static void main(String[] args) {
        List<String> file = new ArrayList<>();
        Scatter<Integer, String> receive = Lox.thread(4, ThreeSteps::receive);
        Scatter<String, String> clean = Lox.thread(2, String::strip);
        Scatter<String, Boolean> write = Lox.thread(1, file::add); // one thread: one line at a time

        Scatter<Integer, Boolean> pipeline = receive.andThen(clean).andThen(write);
        for (int reading = 17; reading < 20; reading++) {
            pipeline.scatter(reading);
        }
        System.out.println(pipeline.gather().size() + " lines written");
        file.stream().sorted().forEach(System.out::println);
    }
}
