package dev.sluice.loadtest.drill;

import java.time.Instant;

/** Something that happens to a system under load. */
interface Fault {

    /**
     * Lets it happen and begins to mend it: what was killed has been started again, or been replaced, when this returns.
     * Blocks.
     */
    Struck strike();

    /**
     * What happened.
     *
     * @param breaks whether outcomes of calls may be lost by it
     * @param from   when it began
     * @param until  calls that arrived by then may have been under way at it
     */
    record Struck(String what, boolean breaks, Instant from, Instant until) {}
}
