package dev.sluice.executor.dispatch;

import dev.sluice.executor.definition.Consumption;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Condition;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Decides which workflows an event starts, and why it does not start others. */
final class Matching {

    private static final Logger LOG = LoggerFactory.getLogger(Matching.class);

    private static final String IN_NO_SET = "It is in no set: a correlation took nothing from it, its set was given up,"
            + " or the version became active after the event was handed over.";

    private static final String ENDS =
            "It is one of those that end sets, and has ended none: no set that has events was there for it,"
                    + " or those wait for others that end them.";

    private final Workflows workflows;
    private final EvaluationThreads evaluations;

    Matching(Workflows workflows, EvaluationThreads evaluations) {
        this.workflows = workflows;
        this.evaluations = evaluations;
    }

    /** A trigger that takes an event, with its compiled workflow. */
    record Match(ArrivedEvent event, Trigger trigger, Workflow workflow) {}

    /** The triggers that take the event, at most one per workflow. */
    Flux<Match> matches(ArrivedEvent event, List<Trigger> candidates) {
        return Flux.fromIterable(candidates)
                .filter(trigger -> trigger.organization().equals(event.organization()) && trigger.candidate(event))
                .concatMap(trigger -> match(event, trigger).onErrorResume(error -> skipped(trigger, error)))
                .distinct(match -> match.trigger().definitionId());
    }

    /** Why a trigger does not take an event; empty when it does. */
    Mono<Optional<String>> mismatch(ArrivedEvent event, Trigger trigger) {
        return workflows
                .compiled(trigger.definitionId())
                .flatMap(workflow ->
                        mismatch(event, trigger, workflow).map(reason -> reason.or(() -> inNoSet(trigger, workflow))));
    }

    private static Optional<String> inNoSet(Trigger trigger, Workflow workflow) {
        if (!workflow.together()) {
            return Optional.empty();
        }
        boolean ends = workflow.on() instanceof Consumption.Any any
                && trigger.position() >= any.any().size();
        return Optional.of(ends ? ENDS : IN_NO_SET);
    }

    /**
     * Why the condition of {@code until} cannot be evaluated; empty when it can, or there is none.
     *
     * @param gathered what it goes over, asked for when there is one
     */
    Mono<String> failure(Trigger trigger, Mono<JsonNode> gathered) {
        return workflows
                .compiled(trigger.definitionId())
                .mapNotNull(workflow -> workflow.on() instanceof Consumption.Any any ? any.condition() : null)
                .flatMap(condition -> gathered.flatMap(
                        values -> evaluations.of(trigger.organization()).of(() -> Condition.of(condition, values))))
                .mapNotNull(Condition::reason);
    }

    private Mono<Match> match(ArrivedEvent event, Trigger trigger) {
        return workflows
                .compiled(trigger.definitionId())
                .filterWhen(workflow -> mismatch(event, trigger, workflow).map(Optional::isEmpty))
                .map(workflow -> new Match(event, trigger, workflow));
    }

    /** A workflow that cannot be read must not keep the event from others. */
    private static Mono<Match> skipped(Trigger trigger, Throwable error) {
        if (error instanceof SluiceException problem && temporary(problem.type())) {
            return Mono.error(error);
        }
        LOG.error("Workflow {} cannot be matched", trigger.workflow().path(), error);
        return Mono.empty();
    }

    /** What says nothing of the workflow: the event comes again, so many times. */
    private static boolean temporary(ProblemType type) {
        return type.retryable() || type == ProblemType.INTERNAL_ERROR;
    }

    private Mono<Optional<String>> mismatch(ArrivedEvent event, Trigger trigger, Workflow workflow) {
        return evaluations
                .of(event.organization())
                .of(() -> workflow.triggers().get(trigger.position()).mismatch(event.envelope()));
    }
}
