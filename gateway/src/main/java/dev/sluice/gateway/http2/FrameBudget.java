package dev.sluice.gateway.http2;

/**
 * How many frames a client may send that bring nothing: so many in a window of time. Those that say it has read something are
 * free as long as there was something to read. Not thread-safe.
 */
final class FrameBudget {

    /** What may be written ahead of a client who reads it in small steps; what was written long ago excuses nothing. */
    static final int MOST_EARNED = 100_000;

    private final int perWindow;
    private final long windowNanos;
    private long beganNanos;
    private int left;
    private int earned;

    /**
     * A full one.
     *
     * @param nanos now, by {@link System#nanoTime}
     */
    FrameBudget(int perWindow, long windowNanos, long nanos) {
        this.perWindow = perWindow;
        this.windowNanos = windowNanos;
        this.beganNanos = nanos;
        this.left = perWindow;
    }

    /** Something was written, or a request begun, which the client may say so many things about. */
    void earn(int count) {
        earned = Math.min(MOST_EARNED, earned + count);
    }

    /** A frame that brings nothing; false when it is one too many. */
    boolean spend(long nanos) {
        if (nanos - beganNanos > windowNanos) {
            beganNanos = nanos;
            left = perWindow;
        }
        left = Math.max(left - 1, -1);
        return left >= 0;
    }

    /** A frame that says that something was read. */
    boolean spendEarned(long nanos) {
        if (earned > 0) {
            earned--;
            return true;
        }
        return spend(nanos);
    }
}
