package dev.sluice.executor.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.deployment.CompiledWorkflows.Kept;
import dev.sluice.shared.id.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class CompiledWorkflowsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Workflow WORKFLOW = WorkflowDocuments.read("""
            document: { dsl: '1.0.3', namespace: test, name: kept, version: '1.0.0' }
            do: [ { a: { set: { b: 1 } } } ]
            """.getBytes(StandardCharsets.UTF_8), Format.YAML);

    private final CompiledWorkflows workflows = new CompiledWorkflows();
    private final AtomicInteger compiled = new AtomicInteger();

    @Test
    void areCompiledOnceForAllWhoAskMeanwhileEvenIfTheFirstLeaves() {
        UUID id = Ids.next();
        Sinks.One<Kept> compiling = Sinks.one();
        Disposable first = workflows.get(id, compiling::asMono).subscribe();
        first.dispose();
        StepVerifier.create(Flux.range(0, 10).flatMap(one -> workflows.get(id, () -> counted(1)), 10))
                .then(() -> compiling.tryEmitValue(new Kept(WORKFLOW, 1)).orThrow())
                .expectNextCount(10)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(compiled).hasValue(0);
    }

    @Test
    void areTriedAgainAfterAFailure() {
        UUID id = Ids.next();
        StepVerifier.create(workflows.get(id, () -> Mono.error(new IllegalStateException("gone"))))
                .expectErrorMessage("gone")
                .verify(DEADLINE);
        StepVerifier.create(workflows.get(id, () -> counted(1)))
                .expectNext(WORKFLOW)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void areFewerWhenTheyAreLarge() {
        assertThat(kept(2_000, 1_000)).as("small ones").isBetween(1_900, 2_000);
        assertThat(kept(100, 4 << 20)).as("of 4 MiB").isLessThanOrEqualTo(8);
        assertThat(kept(10, 50L << 20)).as("of 50 MiB").isLessThanOrEqualTo(4);
        assertThat(kept(1, 5_000L << 20)).as("one larger than all").isEqualTo(1);
    }

    /** How many of so many are there when they are asked for again, the latest first. */
    private int kept(int many, long bytes) {
        CompiledWorkflows some = new CompiledWorkflows();
        List<UUID> ids = Stream.generate(Ids::next).limit(many).toList();
        ids.forEach(id -> ask(some, id, bytes));
        compiled.set(0);
        ids.reversed().forEach(id -> ask(some, id, bytes));
        return many - compiled.get();
    }

    private void ask(CompiledWorkflows some, UUID id, long bytes) {
        StepVerifier.create(some.get(id, () -> counted(bytes)))
                .expectNext(WORKFLOW)
                .expectComplete()
                .verify(DEADLINE);
    }

    private Mono<Kept> counted(long bytes) {
        return Mono.fromSupplier(() -> {
            compiled.incrementAndGet();
            return new Kept(WORKFLOW, bytes);
        });
    }
}
