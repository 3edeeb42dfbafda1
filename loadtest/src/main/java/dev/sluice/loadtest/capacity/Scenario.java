package dev.sluice.loadtest.capacity;

import java.util.Set;

/** One kind of load, put on a system of its own. */
interface Scenario {

    /** Names of the options that it has besides those of all. */
    Set<String> options();

    /** Starts a system, loads it, waits until all has ended, and says what was found; blocks. Nothing it started is left. */
    Findings run(Workbench bench);
}
