package dev.sluice.executor.engine;

import java.time.Clock;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * What interpreters share.
 *
 * @param scheduler      runs the engine's own work; bounded, non-blocking threads
 * @param clock          wall-clock time for due times and deadlines
 * @param callTimeout    longest duration of one call that has no earlier deadline
 * @param parkAfter      a wait longer than this leaves memory
 * @param keys           makes outgoing idempotency keys
 * @param evaluations    for what takes long of what workflows say
 * @param deferrals      for what is compiled when a run gets there
 * @param maxDepth       longest chain of runs that start one another
 */
public record EngineSettings(
        Scheduler scheduler,
        Clock clock,
        Duration callTimeout,
        Duration parkAfter,
        IdempotencyKeys keys,
        EvaluationThreads evaluations,
        Deferrals deferrals,
        int maxDepth) {

    EngineSettings on(Scheduler thread) {
        return new EngineSettings(thread, clock, callTimeout, parkAfter, keys, evaluations, deferrals, maxDepth);
    }
}
