package lox.examples.recipes;

import java.util.List;
import java.util.concurrent.Semaphore;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/faq.md. */
public class TakingTurns {
    record Player(String colour, Semaphore mine, Semaphore theirs) {}

    static boolean play(Player player) throws InterruptedException {
        player.mine().acquire();
        System.out.println(player.colour());
        player.theirs().release(); // the switch: the other one goes on,
        player.mine().acquire(); // until it switches back
        System.out.println(player.colour() + " done");
        player.theirs().release();
        return true;
    }

    public static void main(String[] args) {
        Semaphore red = new Semaphore(1); // begins
        Semaphore blue = new Semaphore(0);
        Scatter<Player, Boolean> play = Lox.thread(2, TakingTurns::play); // with a single worker it would wait for ever
        play.gather(List.of(new Player("red", red, blue), new Player("blue", blue, red)));
    }
}
