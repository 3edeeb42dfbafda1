package dev.sluice.executor.deployment;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.executor.definition.Workflow;
import java.util.UUID;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The compiled forms of deployed documents, the latest used ones: {@value #MOST}, fewer if their documents are large. Thread-safe.
 */
final class CompiledWorkflows {

    private static final int MOST = 2_000;

    /** Of the documents of those that are kept, in bytes: what is compiled may hold them as trees, which are many times as large. */
    private static final int MOST_BYTES = 32 << 20;

    private static final int LEAST_WEIGHT = MOST_BYTES / MOST;

    /** One whose documents are larger is kept all the same: compiling it for each run would take the node's time. */
    private static final int MOST_WEIGHT = MOST_BYTES / 4;

    private final AsyncCache<UUID, Kept> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((UUID id, Kept workflow) -> Math.clamp(workflow.bytes, LEAST_WEIGHT, MOST_WEIGHT))
            .executor(Runnable::run)
            .buildAsync();

    /**
     * A compiled workflow.
     *
     * @param bytes that its documents have
     */
    record Kept(Workflow workflow, long bytes) {}

    /** The workflow of a deployment, compiled unless it is there; who asks meanwhile waits for the same, and nobody's leaving ends it. */
    Mono<Workflow> get(UUID definitionId, Supplier<Mono<Kept>> compiling) {
        return Mono.fromFuture(
                        () -> kept.get(
                                definitionId, (id, executor) -> compiling.get().toFuture()),
                        true)
                .map(Kept::workflow);
    }
}
