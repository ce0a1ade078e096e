package lox.examples;

/** Runs every example once. */
public final class Tour {
    private Tour() {}

    /**
     * Starts the tour.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        System.out.println("The tour of lox starts here, as soon as there is something to show.");
    }
}
