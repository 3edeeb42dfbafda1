package dev.sluice.executor.gathering;

import java.util.List;
import reactor.core.publisher.Mono;

/** What a batch of events makes of the sets of one workflow. For one thread at a time. */
sealed interface Filling permits OpenSets, GrowingSets {

    /** The sets as they were before. */
    Gathering gathering();

    /** By which values events find their set. */
    Links links();

    /** Has the sets take events, in their order. */
    Mono<Void> takeAll(List<Offer> offers);

    /** The number of the last set that was opened. */
    long opened();

    /** The sets that took an event. */
    List<? extends OpenSet> changed();

    /** Those of them that are to start a run. */
    List<? extends OpenSet> completed();

    /** How many sets are ended only because they are full. */
    default int filled() {
        return 0;
    }

    /** How many sets are open, with those that were not read. */
    default int open() {
        return gathering().open()
                + (int) (opened() - gathering().opened())
                - completed().size();
    }
}
