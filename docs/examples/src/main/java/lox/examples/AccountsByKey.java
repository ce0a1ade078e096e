package lox.examples;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Flux;

/**
 * Books transfers side by side, but those of one account one after another and in order. The ledger needs no lock for
 * that: nobody else writes the account meanwhile.
 */
public final class AccountsByKey {
    private AccountsByKey() {}

    private record Transfer(String account, int amount) {}

    public static void main(String[] args) {
        Map<String, Integer> ledger = new ConcurrentHashMap<>();
        Scatter<Transfer, String> book = Lox.thread(4, transfer -> {
            int before = ledger.getOrDefault(transfer.account(), 0);
            Thread.sleep(1); // the bank is slow; another booking of this account now would be lost
            ledger.put(transfer.account(), before + transfer.amount());
            return transfer.account();
        });
        Flux<Transfer> transfers = Flux.range(0, 300).map(i -> new Transfer("account " + i % 6, 1));

        transfers
                .transform(all -> book.mapByKey(all, Transfer::account))
                .count()
                .doOnNext(booked -> System.out.println(booked + " transfers booked"))
                .block();

        ledger.keySet().stream().sorted().forEach(account -> System.out.println(account + ": " + ledger.get(account)));
    }
}
