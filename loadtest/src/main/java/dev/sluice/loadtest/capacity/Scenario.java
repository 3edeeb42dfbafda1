package dev.sluice.loadtest.capacity;

/** One kind of load, put on a system of its own. */
interface Scenario {

    /** Starts a system, loads it, waits until all has ended, and says what was found; blocks. Nothing it started is left. */
    Findings run(Workbench bench);
}
