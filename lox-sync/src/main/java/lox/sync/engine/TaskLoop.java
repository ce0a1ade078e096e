package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a lane has claimed, and how it works through it: take the next slot, run the task, store the result, and count, a run at a
 * time.
 *
 * <p>As a rule the slots it has claimed are those of its tasks. In a later stage of a chain they are places in a queue, each with a
 * {@link Span} of tasks in their home's slots; then there is a second window, over the span it has come to.
 *
 * <p>Belongs to one lane. What is for everybody says so.
 */
final class TaskLoop {
    private final Dispatcher<?, ?> dispatcher;
    private final Lane lane;
    private final Occupancy occupancy;
    private final Window claimed = new Window(Slots.FULL);
    private final @Nullable Window span;
    private final @Nullable Carrier carrier;
    private final @Nullable Handover handover;
    private @Nullable Batch working;
    private int uncounted; // tasks of that batch that are over; of the watch's, too, while it holds the clock

    TaskLoop(Dispatcher<?, ?> dispatcher, Lane lane) {
        this.dispatcher = dispatcher;
        this.lane = lane;
        this.occupancy = lane.occupancy();
        RemoteWorkers remote = dispatcher.pool().remote();
        Stage stage = dispatcher.stage();
        this.carrier = remote == null ? null : new Carrier(dispatcher, remote, this, claimed);
        this.span = stage == null || carrier != null ? null : new Window(stage.waiting());
        Stage next = dispatcher.next();
        this.handover = next == null ? null : new Handover(next, occupancy, carrier != null || lane.isInline());
    }

    @Nullable
    Carrier carrier() {
        return carrier;
    }

    /** Through which it hands on what is not at its end here. */
    Handover handover() {
        Handover mine = handover;
        if (mine == null) {
            throw new IllegalStateException("there is no next stage");
        }
        return mine;
    }

    // ---- for everybody ---------------------------------------------------------------------------------------------

    /** Whether there is something it has claimed and not started. */
    boolean hasUnstarted() {
        return claimed.hasUnstarted()
                || (span != null && span.hasUnstarted())
                || (carrier != null && carrier.underWay().hasUnstarted());
    }

    /** Where it is in a batch, or {@code otherwise}. */
    int positionIn(Batch batch, int otherwise) {
        return claimed.positionIn(batch, otherwise);
    }

    /** For the watch: whether it is at the task where it was at the last call. */
    boolean hasStoodStill() {
        if (carrier != null) {
            return carrier.underWay().hasStoodStill();
        }
        return span == null ? claimed.hasStoodStill() : span.hasStoodStill();
    }

    /** Whether something waits for the next stage, which has not been told. */
    boolean hasUnshown() {
        return handover != null && handover.hasUnshown();
    }

    /** For the watch: tells the next stage what waits for it, for the lane is stuck. */
    void show() {
        if (handover != null) {
            handover.show();
        }
    }

    // ---- finding work ----------------------------------------------------------------------------------------------

    /** Claims slots with so many tasks, or with some more in a queue of spans. Returns how many slots. */
    int claim(Batch front, int tasks) {
        return front.claim(claimed, span == null ? tasks : places(front, tasks));
    }

    /** Over how many places in a queue so many tasks are spread. */
    private static int places(Batch queue, int tasks) {
        int places = 0;
        int first = (int) queue.counters().head();
        for (int sum = 0; sum < tasks; places++) {
            int index = first + places;
            Slots.Chunk chunk = queue.slots().chunk(index);
            if (chunk == null || chunk.state(index) != Slots.FULL) {
                break;
            }
            sum += chunk.value(index) instanceof Span span ? span.to() - span.from() : 1;
        }
        return Math.max(1, places);
    }

    /** Shares in what another lane has claimed and not started: in anything, or in one batch alone. */
    boolean share(TaskLoop other, @Nullable Batch only) {
        return (span != null && other.span != null && span.share(other.span, only))
                || claimed.share(other.claimed, only);
    }

    /** Whether its last run has left something of what it has claimed: it may be longer than a run. */
    boolean hasLeft() {
        return span != null && (span.left() > 0 || claimed.left() > 0);
    }

    /** The next of the slots that it has claimed, or -1. */
    int next() {
        return claimed.next();
    }

    /** The batch whose slots it has claimed. */
    @Nullable
    Batch batch() {
        return claimed.batch();
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    /**
     * Works through what it has; in a later stage through so many tasks at most, since a span may be long, and the tasks too. Returns
     * how many it has run.
     */
    int run(Pace pace, int most) {
        Batch batch = claimed.batch();
        int ran = 0;
        if (span != null) {
            Batch home = span.batch();
            if (home != null && span.left() > 0) {
                ran = runSpan(home, span, most);
            }
            if (batch != null && ran < most) {
                ran += runSpans(batch, span, pace, most - ran);
            }
        } else if (batch != null && carrier != null) {
            ran = carrier.run(batch, pace);
            Thread.interrupted();
        } else if (batch != null) {
            ran = runTasks(batch, claimed, Integer.MAX_VALUE);
        }
        count();
        return ran;
    }

    /** Goes through places in a queue, from one span to the next. */
    private int runSpans(Batch queue, Window span, Pace pace, int most) {
        int ran = 0;
        int taken = 0;
        Slots.Chunk chunk = null;
        while (ran < most) {
            int index = claimed.next();
            if (index < 0) {
                break;
            }
            chunk = queue.slots().filledChunk(index, chunk);
            if (claimed.take(chunk, index)) {
                Batch home = chunk.value(index) instanceof Span found ? found.openIn(span) : null;
                chunk.finish(index, null, Slots.DONE); // the queue does not keep what has left it
                taken++;
                if (home != null) {
                    ran += runSpan(home, span, most - ran);
                }
            }
        }
        if (taken > 0) {
            queue.finished(taken);
            pace.foundInSlots(ran, taken);
        }
        return ran;
    }

    private int runSpan(Batch home, Window span, int most) {
        if (span.left() > 1) {
            dispatcher.lanes().shareOut();
        }
        return runTasks(home, span, most);
    }

    /** Goes through slots with tasks. */
    private int runTasks(Batch batch, Window window, int most) {
        int ran = 0;
        Slots.Chunk chunk = null;
        workFor(batch);
        while (ran < most) {
            int index = window.next();
            if (index < 0) {
                break;
            }
            chunk = batch.slots().filledChunk(index, chunk);
            if (window.take(chunk, index)) {
                dispatcher.intake().leave();
                Object content = chunk.value(index);
                if (batch.isEnded()) {
                    drop(batch, chunk, index, content);
                } else {
                    runOne(batch, index, chunk, content);
                    ran++;
                }
            }
        }
        publish();
        return ran;
    }

    /** Whoever listens is not to be interrupted for the batch. */
    private void drop(Batch batch, Slots.Chunk chunk, int index, @Nullable Object content) {
        occupancy.leave();
        Thread.interrupted();
        Leftovers.drop(batch, chunk, index, content);
        occupancy.enter(batch);
    }

    /** The lane leaves its thread: what it has claimed and not come to goes back into the queue, behind the others. */
    void giveBack() {
        Stage stage = dispatcher.stage();
        if (span == null || stage == null || !hasLeft()) {
            return;
        }
        occupancy.leave();
        Span rest = span.takeRest();
        if (rest != null) {
            stage.offerOrGiveUp(rest);
        }
        Batch queue = claimed.batch();
        for (int index = claimed.next(); index >= 0 && queue != null; index = claimed.next()) {
            Slots.Chunk chunk = queue.slots().filledChunk(index);
            if (claimed.take(chunk, index)) {
                Object content = chunk.value(index);
                chunk.finish(index, null, Slots.DONE);
                queue.finished(1);
                if (content instanceof Span found) {
                    stage.offerOrGiveUp(found);
                }
            }
        }
    }

    private void runOne(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        boolean over = true;
        try {
            over = dispatcher.runner().run(batch, index, chunk, content, lane);
        } catch (Throwable broken) { // no memory to note a failure: then it is the whole batch's
            batch.abort(broken);
        }
        if (over) {
            over(batch, index);
        }
        Thread.interrupted(); // whoever set it, it was meant for that task
    }

    /** Runs one task in the thread that scatters it, or in that of the stage before. True if it is over and has been counted. */
    boolean runHere(Batch batch, int index, @Nullable Object content) {
        workFor(batch);
        Slots.Chunk chunk = batch.slots().filledChunk(index);
        if (batch.isEnded()) {
            Leftovers.drop(batch, chunk, index, content);
            return false;
        }
        boolean over = dispatcher.runner().run(batch, index, chunk, content, lane);
        uncounted += over ? 1 : 0;
        count();
        batch.endIfBroken();
        return over;
    }

    /** Has the next stage know what waits for it. */
    void publish() {
        if (handover != null) {
            handover.publish();
        }
    }

    /** Lets go of everything: the lane leaves its thread. */
    void close() {
        claimed.close();
        if (span != null) {
            span.close();
        }
        working = null;
    }

    /** The engine itself has failed in the middle of it: what is unstarted, or has not been counted, ends its batch. */
    void abort(Throwable broken) {
        abort(claimed, broken);
        if (span != null) {
            abort(span, broken);
        }
        if (working != null && uncounted > 0) {
            working.abort(broken);
        }
    }

    private static void abort(Window window, Throwable broken) {
        Batch batch = window.batch();
        if (batch != null && window.hasUnstarted()) {
            batch.abort(broken);
        }
    }

    // ---- counting --------------------------------------------------------------------------------------------------

    /** The batch whose tasks are the next ones. */
    void workFor(Batch batch) {
        if (working != batch) {
            count();
            working = batch;
        }
        occupancy.enter(batch);
    }

    /** Whether its last task was one of that batch. */
    boolean isWorkingFor(Batch batch) {
        return working == batch;
    }

    /** A task of the batch that it works for is over, and has to be counted. */
    void over(Batch batch, int index) {
        uncounted++;
        settle(batch, index);
    }

    /** Tells whoever streams the results that a task has run. What comes of that is not to be interrupted for the batch. */
    private void settle(Batch batch, int index) {
        if (batch.isStreamed()) {
            occupancy.leave();
            Thread.interrupted();
            batch.settled(index);
            occupancy.enterAgain(batch);
        }
    }

    /** Counts the tasks of its batch that are over. */
    void count() {
        Batch batch = working;
        int tasks = uncounted;
        if (tasks > 0 && batch != null) {
            uncounted = 0;
            batch.finished(tasks);
            if (!lane.isInline()) {
                Thread.interrupted(); // by a subscriber, then
            }
        }
    }

    /** For the one who gives up the task it is in: how many tasks have ended before it and have not been counted. */
    int takeUncounted() {
        int count = uncounted;
        uncounted = 0;
        return count;
    }

    Lane lane() {
        return lane;
    }
}
