package lox.examples.recipes;

import java.util.List;
import lox.sync.BiScatter;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/any-number-of-arguments.md. */
public class ManyArguments {
    record Letter(String greeting, String name, int exclamationMarks) {
        Letter(String name) {
            this("Hello", name, 1); // what a default argument is in Python
        }
    }

    static String write(Letter letter) {
        return letter.greeting() + " " + letter.name() + "!".repeat(letter.exclamationMarks());
    }

    public static void main(String[] args) {
        BiScatter<String, Integer, String> repeat = Lox.biThread(4, String::repeat);
        repeat.scatter("ab", 2);
        repeat.scatter("c", 3);
        System.out.println(repeat.gather());

        Scatter<Letter, String> write = Lox.thread(4, ManyArguments::write);
        System.out.println(write.gather(List.of(new Letter("Ada"), new Letter("Goodbye", "Bob", 3))));
    }
}
