package lox.examples.recipes;

import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/any-number-of-arguments.md. */
public class BoundMethods {
    record Shop(String currency, double rate) {
        String price(int cents) {
            return Math.round(cents * rate) / 100.0 + " " + currency;
        }
    }

    public static void main(String[] args) {
        Shop here = new Shop("EUR", 1.0);
        Shop there = new Shop("CHF", 0.95);
        Scatter<Integer, String> hereCosts = Lox.thread(4, here::price);
        Scatter<Integer, String> thereCosts = Lox.thread(4, there::price);
        for (int cents : List.of(150, 990)) {
            hereCosts.scatter(cents);
            thereCosts.scatter(cents);
        }
        System.out.println(hereCosts.gather() + " " + thereCosts.gather());
    }
}
