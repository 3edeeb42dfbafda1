package dev.sluice.executor.run;

import dev.sluice.executor.engine.Bell;
import reactor.core.publisher.Mono;

/**
 * What reaches a run from outside while it is in memory.
 *
 * @param cancel  completes when it shall end as cancelled
 * @param suspend completes when it shall rest where its next effect would begin
 * @param bell    rung when something it waits for may have happened
 */
record Signals(Mono<Void> cancel, Mono<Void> suspend, Bell bell) {}
