package dev.sluice.executor.deployment;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Documents are compiled here: that takes too long for an event loop, and waits for nobody whose work blocks. */
final class CompilerThreads {

    private static final int WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;

    /** For documents by themselves. */
    static final Scheduler ALL = Schedulers.newBoundedElastic(
            Math.max(2, Runtime.getRuntime().availableProcessors()), WAITING, "compile", IDLE_SECONDS, true);

    /** For those with documents elsewhere, one after another: as trees they take a hundred times as much memory as bytes. */
    static final Scheduler ONE = Schedulers.newBoundedElastic(1, WAITING, "compile-remote", IDLE_SECONDS, true);

    /** The same for what is compiled when a run gets there, so that nobody who deploys waits for runs. */
    static final Scheduler FOR_RUNS = Schedulers.newBoundedElastic(1, WAITING, "compile-for-runs", IDLE_SECONDS, true);

    private CompilerThreads() {}
}
