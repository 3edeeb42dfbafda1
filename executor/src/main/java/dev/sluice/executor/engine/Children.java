package dev.sluice.executor.engine;

import dev.sluice.executor.definition.WorkflowName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The runs that one run starts. Its {@link Bell} is rung when one it awaits may have ended. Thread-safe. */
public interface Children {

    /**
     * A run to start.
     *
     * @param id       the same for each repetition
     * @param workflow whose version may be {@code latest}
     * @param awaited  whether the parent waits for its end, and takes it along when it ends itself
     */
    record Child(UUID id, WorkflowName workflow, JsonNode input, boolean awaited) {}

    /**
     * How a run ended.
     *
     * @param output of one that completed
     * @param error  of one that faulted; neither when it was cancelled
     */
    record End(@Nullable JsonNode output, @Nullable JsonNode error) {}

    /** Starts a run unless it was started before; emits false when the organization has no such workflow. */
    Mono<Boolean> start(Child child);

    /** How a run that was started ended; empty while it goes on. */
    Mono<End> end(UUID child);
}
