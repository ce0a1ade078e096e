package lox.sync.internal.result;

import lox.sync.internal.stack.StackReach;

/**
 * Checks that enough stack is left for an operation that must not be interrupted half-way. The operation checks before
 * it changes anything: so it either completes, or throws and has had no effect.
 *
 * <p>The room is that of {@value #LEVELS} frames of {@link #descend}: some 50 KiB if compiled, and twice as much if
 * interpreted, as the code that follows may then be. A frame is so large because 64 values have to lie in it while
 * another method is called, and none of them can be read again after that call. Only the last frame reads them, so a
 * check takes no more than some 300 ns.
 *
 * <p>Operations contain each other. One that has begun must not be refused half-way by the check of one that it
 * contains, which stands some frames deeper: so each asks for less than the one around it.
 */
public final class StackProbe {
    private static final int LEVELS = 96;
    private static final int INNER_LEVELS = 80;
    private static final int INNERMOST_LEVELS = 64;
    private static final int HAND_OVER_LEVELS = 12;
    private static final int INNER_CALL_LEVELS = 10;

    private static final long[] ANY = new long[64];

    private StackProbe() {}

    /**
     * Does nothing, or throws before anything has been done.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    public static void check() {
        check(LEVELS);
    }

    /**
     * The same for an operation that is also part of others, which have called {@link #check}.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    public static void checkInner() {
        check(INNER_LEVELS);
    }

    /**
     * The same for an operation that is also part of others, which have called {@link #checkInner}.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    public static void checkInnermost() {
        check(INNERMOST_LEVELS);
    }

    /**
     * Whether there is room for what follows the end of a call that does not block, in whatever thread that is: a lane
     * goes on there, and what it runs may be interpreted, or be linked for the first time. If not, there is room to let
     * another thread do so.
     *
     * @throws StackOverflowError if there is none for that either
     */
    public static boolean hasRoomToResume() {
        try {
            check(INNER_LEVELS);
            return true;
        } catch (StackOverflowError littleRoom) {
            check(HAND_OVER_LEVELS);
            return false;
        }
    }

    /**
     * The same for the call of a function in the calling thread, at every scatter: as much room as the engine itself
     * needs for it. What the function needs is its own affair, and an overflow its own failure.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    public static void checkCall() {
        StackReach.check();
    }

    /**
     * The same for a part of an operation that has called {@link #checkCall}.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    public static void checkInnerCall() {
        check(INNER_CALL_LEVELS);
    }

    private static void check(int levels) {
        if (descend(levels) != 0) {
            throw new AssertionError();
        }
    }

    /** Too long to be inlined into its caller, which usually is this method. */
    private static long descend(int levels) {
        if (levels > 0) {
            return descend(levels - 1);
        }
        if (levels < 0) {
            return 0;
        }
        long v00 = ANY[0];
        long v01 = ANY[1];
        long v02 = ANY[2];
        long v03 = ANY[3];
        long v04 = ANY[4];
        long v05 = ANY[5];
        long v06 = ANY[6];
        long v07 = ANY[7];
        long v08 = ANY[8];
        long v09 = ANY[9];
        long v10 = ANY[10];
        long v11 = ANY[11];
        long v12 = ANY[12];
        long v13 = ANY[13];
        long v14 = ANY[14];
        long v15 = ANY[15];
        long v16 = ANY[16];
        long v17 = ANY[17];
        long v18 = ANY[18];
        long v19 = ANY[19];
        long v20 = ANY[20];
        long v21 = ANY[21];
        long v22 = ANY[22];
        long v23 = ANY[23];
        long v24 = ANY[24];
        long v25 = ANY[25];
        long v26 = ANY[26];
        long v27 = ANY[27];
        long v28 = ANY[28];
        long v29 = ANY[29];
        long v30 = ANY[30];
        long v31 = ANY[31];
        long v32 = ANY[32];
        long v33 = ANY[33];
        long v34 = ANY[34];
        long v35 = ANY[35];
        long v36 = ANY[36];
        long v37 = ANY[37];
        long v38 = ANY[38];
        long v39 = ANY[39];
        long v40 = ANY[40];
        long v41 = ANY[41];
        long v42 = ANY[42];
        long v43 = ANY[43];
        long v44 = ANY[44];
        long v45 = ANY[45];
        long v46 = ANY[46];
        long v47 = ANY[47];
        long v48 = ANY[48];
        long v49 = ANY[49];
        long v50 = ANY[50];
        long v51 = ANY[51];
        long v52 = ANY[52];
        long v53 = ANY[53];
        long v54 = ANY[54];
        long v55 = ANY[55];
        long v56 = ANY[56];
        long v57 = ANY[57];
        long v58 = ANY[58];
        long v59 = ANY[59];
        long v60 = ANY[60];
        long v61 = ANY[61];
        long v62 = ANY[62];
        long v63 = ANY[63];
        return descend(-1)
                + v00
                + v01
                + v02
                + v03
                + v04
                + v05
                + v06
                + v07
                + v08
                + v09
                + v10
                + v11
                + v12
                + v13
                + v14
                + v15
                + v16
                + v17
                + v18
                + v19
                + v20
                + v21
                + v22
                + v23
                + v24
                + v25
                + v26
                + v27
                + v28
                + v29
                + v30
                + v31
                + v32
                + v33
                + v34
                + v35
                + v36
                + v37
                + v38
                + v39
                + v40
                + v41
                + v42
                + v43
                + v44
                + v45
                + v46
                + v47
                + v48
                + v49
                + v50
                + v51
                + v52
                + v53
                + v54
                + v55
                + v56
                + v57
                + v58
                + v59
                + v60
                + v61
                + v62
                + v63;
    }
}
