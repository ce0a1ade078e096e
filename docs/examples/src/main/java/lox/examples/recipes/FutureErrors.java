package lox.examples.recipes;

import java.util.concurrent.CompletableFuture;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/futures-and-callbacks.md. */
public class FutureErrors {
    static String spam(String menu) {
        if (!menu.contains("spam")) {
            throw new IllegalStateException("no " + menu + " today");
        }
        return menu;
    }

    public static void main(String[] args) {
        Scatter<String, String> spam = Lox.thread(2, FutureErrors::spam);
        CompletableFuture<String> handled = spam.submit("eggs").handle((result, error) -> {
            System.out.println("callback: " + error.getMessage());
            return "bread";
        });
        System.out.println(handled.join());
    }
}
