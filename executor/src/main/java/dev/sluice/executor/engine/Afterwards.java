package dev.sluice.executor.engine;

import reactor.core.publisher.Mono;

/** A task failed after what it did was recorded: its cause is how. */
final class Afterwards extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Throwable failure;

    private Afterwards(Throwable failure) {
        super(null, failure, false, false);
        this.failure = failure;
    }

    /** What is made of a step, whose failure is one afterwards if the step has an entry. */
    static Mono<Step> of(Step step, Mono<Step> made) {
        return step.seq() == null ? made : made.onErrorMap(Afterwards::new);
    }

    /** How it failed. */
    Throwable failure() {
        return failure;
    }
}
