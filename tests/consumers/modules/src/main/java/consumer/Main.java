package consumer;

import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** A program in a module of its own, on threads and in a child JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Scatter<String, Integer> length = Lox.thread(2, String::length);
        System.out.println(Lox.class.getModule() + " " + length.gather(List.of("one", "three")));
        Scatter<String, String> module = Lox.process(1, word -> Lox.class.getModule().getName());
        System.out.println("child " + module.gather(List.of("one")));
    }
}
