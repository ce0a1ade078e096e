package lox.examples.funnel;

import io.reactivex.rxjava3.core.Flowable;
import java.util.List;
import lox.rxjava.OuterJoins;

/** What the shop has sold and what the bank has booked, compared: the payments that only one of them knows count. */
public final class Reconciliation {
    private record Sale(String id, int cents) {}

    private record Booking(String reference, int cents) {}

    private Reconciliation() {}

    /**
     * Compares two lists.
     *
     * @return what is wrong, line by line
     */
    public static List<String> run() {
        Flowable<Sale> sales = Flowable.just(new Sale("a", 990), new Sale("b", 1_500), new Sale("c", 250));
        Flowable<Booking> bookings =
                Flowable.just(new Booking("c", 250), new Booking("d", 4_000), new Booking("a", 900));

        return OuterJoins.full(sales, Sale::id, bookings, Booking::reference, (id, sale, booking) -> {
                    if (booking.isEmpty()) {
                        return id + ": sold, not booked";
                    }
                    if (sale.isEmpty()) {
                        return id + ": booked, not sold";
                    }
                    int missing = sale.get().cents() - booking.get().cents();
                    return missing == 0 ? id + ": right" : id + ": " + missing + " cents are missing";
                })
                .filter(line -> !line.endsWith("right"))
                .sorted()
                .toList()
                .blockingGet();
    }

    /**
     * Prints what is wrong.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        run().forEach(System.out::println);
    }
}
