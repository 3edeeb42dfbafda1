package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Unfinished;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Evaluates what an organization's workflows say without holding up anybody else: at once where that takes a millisecond or so, which
 * is nearly always, and otherwise from the beginning, with all of the limits, on threads that do nothing else. So whatever is
 * evaluated must be pure; it may be evaluated twice. Thread-safe.
 */
public final class Evaluations {

    private final EvaluationThreads threads;
    private final OrganizationId organization;
    private final Scheduler back;
    private final Work work;

    Evaluations(EvaluationThreads threads, OrganizationId organization, Scheduler back, Work work) {
        this.threads = threads;
        this.organization = organization;
        this.back = back;
        this.work = work;
    }

    /** What somebody else is asked for so that something can be evaluated; it comes back to where evaluations go on. */
    public <T> Mono<T> with(Mono<T> asked) {
        return work.elsewhere(asked.publishOn(back));
    }

    /**
     * What a pure function gives, which may evaluate expressions and is called when somebody subscribes. Ends with its errors, and with a
     * {@link SluiceException} that says nothing about it when the machine has no time for it. Cancelling ends an evaluation elsewhere.
     */
    public <T> Mono<T> of(Supplier<T> stage) {
        return Mono.defer(() -> {
            try {
                return Mono.just(threads.briefly(stage));
            } catch (Unfinished e) {
                return work.elsewhere(threads.wholly(organization, stage).publishOn(back));
            }
        });
    }
}
