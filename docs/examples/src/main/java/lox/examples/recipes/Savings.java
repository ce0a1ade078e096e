package lox.examples.recipes;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/wait-for-an-event.md. */
public class Savings {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int balance;

    void deposit(int amount) {
        lock.lock();
        try {
            balance += amount;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int withdraw(int amount) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (balance < amount) {
                changed.await(); // gives the lock back meanwhile
            }
            balance -= amount;
            return amount;
        } finally {
            lock.unlock();
        }
    }

    public static void main(String[] args) {
        Savings savings = new Savings();
        Scatter<Integer, Integer> withdraw = Lox.thread(2, savings::withdraw);
        withdraw.scatter(30);
        withdraw.scatter(40);
        for (int coin = 0; coin < 7; coin++) {
            savings.deposit(10);
        }
        System.out.println("withdrawn " + withdraw.gather() + ", left " + savings.balance);
    }
}
