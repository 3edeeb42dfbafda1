package dev.sluice.executor.gathering;

/**
 * What became of a batch of events.
 *
 * @param runs    how many sets were completed, and started a run each
 * @param dropped how many sets were given up for newer ones
 */
public record Gathered(int runs, int dropped) {

    /** Nothing was started or given up. */
    public static final Gathered NOTHING = new Gathered(0, 0);
}
