package lox.examples.locks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lox.sync.lock.KeyedLock;
import lox.sync.lock.Permit;

/** Transfers between accounts: one at a time for each account, whatever happens to the others meanwhile. */
public final class Accounts {
    private final Map<String, Integer> balances = new ConcurrentHashMap<>();
    private final KeyedLock<String> locks = new KeyedLock<>();

    /**
     * Moves an amount. The two keys are taken in their natural order, so that no two transfers wait for each other.
     *
     * @param from the account that pays
     * @param to the account that is paid
     * @param amount how much
     * @throws InterruptedException if the calling thread is interrupted; nothing has been moved
     */
    public void transfer(String from, String to, int amount) throws InterruptedException {
        if (from.equals(to)) {
            return;
        }
        boolean inOrder = from.compareTo(to) < 0;
        try (Permit first = locks.forKey(inOrder ? from : to).acquire();
                Permit second = locks.forKey(inOrder ? to : from).acquire()) {
            move(first, second, from, to, amount);
        }
    }

    private void move(Permit first, Permit second, String from, String to, int amount) {
        if (first == second) {
            throw new AssertionError("two accounts have two locks");
        }
        balances.put(from, balance(from) - amount);
        balances.put(to, balance(to) + amount);
    }

    /**
     * What an account holds.
     *
     * @param account its name
     * @return the sum of what was moved to it and from it
     */
    public int balance(String account) {
        return balances.getOrDefault(account, 0);
    }

    /**
     * How many accounts have a lock at this moment.
     *
     * @return 0 when no transfer is under way
     */
    public int locked() {
        return locks.keys().size();
    }

    /**
     * Moves money in a circle and prints what is left.
     *
     * @param args none are read
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        Accounts accounts = new Accounts();
        accounts.transfer("Ada", "Grace", 30);
        accounts.transfer("Grace", "Barbara", 10);
        System.out.println(accounts.balance("Ada") + " " + accounts.balance("Grace") + " " + accounts.locked());
    }
}
