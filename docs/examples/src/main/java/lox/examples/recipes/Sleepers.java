package lox.examples.recipes;

import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/finish-before-main-ends.md. */
public class Sleepers {
    static String sleeper(String name) throws InterruptedException {
        Thread.sleep(20);
        return name + " has woken up";
    }

    public static void main(String[] args) {
        Scatter<String, String> sleep = Lox.thread(5, Sleepers::sleeper);
        for (int i = 0; i < 5; i++) {
            sleep.scatter("sleeper " + i); // starts at once, side by side
        }
        System.out.println("hello"); // main goes on meanwhile
        List<String> awake = sleep.gather(); // join: waits for all five
        awake.forEach(System.out::println);
    }
}
