package dev.sluice.executor.gathering;

/**
 * What became of a batch of events.
 *
 * @param runs    how many sets were completed, and started a run each
 * @param dropped how many sets were given up for newer ones
 * @param filled  how many sets were ended only because they were full
 * @param left    how many sets were ended whose runs are yet to be started, since they are many
 */
public record Gathered(int runs, int dropped, int filled, int left) {

    /** Nothing was started or given up. */
    public static final Gathered NOTHING = new Gathered(0, 0);

    /** Where no set was full and none is left. */
    public Gathered(int runs, int dropped) {
        this(runs, dropped, 0, 0);
    }
}
