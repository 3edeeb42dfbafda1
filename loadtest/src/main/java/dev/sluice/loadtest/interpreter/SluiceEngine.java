package dev.sluice.loadtest.interpreter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.engine.Deferrals;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.IdempotencyKeys;
import dev.sluice.executor.engine.Interpreter;
import dev.sluice.executor.engine.Lifecycle;
import dev.sluice.executor.engine.RunFacts;
import dev.sluice.executor.engine.World;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Our interpreter as an executor runs it, with all of its limits, over a journal in memory. */
final class SluiceEngine implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(0, 1));

    private final Scheduler thread = Schedulers.newParallel("engine", 1);
    private final EvaluationThreads evaluations = EvaluationThreads.of(Allowance.LIMITS, 1, 100, thread);
    private final World world = World.unreachable(() -> new IllegalStateException("Nothing of this goes out"));

    @SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
    private final EngineSettings settings = new EngineSettings(
            thread,
            Clock.systemUTC(),
            DEADLINE,
            Duration.ofMinutes(1),
            new IdempotencyKeys(new byte[32]),
            evaluations,
            Deferrals.unreachable(() -> new IllegalStateException("Nothing of this is deferred")),
            1);

    private final Workflow workflow;

    SluiceEngine(String document) {
        this.workflow = WorkflowDocuments.read(document.getBytes(UTF_8), WorkflowDocuments.Format.YAML);
    }

    /** The output of a run with this {@code n}. */
    JsonNode run(int n) {
        RunFacts facts = new RunFacts(
                ORGANIZATION, new UUID(1, n), 0, Instant.EPOCH, Json.object().put("n", n), null, 0);
        RunJournal journal = new RunJournal(List.of(), entries -> Mono.empty(), settings.clock());
        Interpreter interpreter =
                new Interpreter(workflow, facts, journal, world, Lifecycle.SILENT, () -> true, settings);
        return Objects.requireNonNull(interpreter.run(Mono.never()).block(DEADLINE));
    }

    @Override
    public void close() {
        evaluations.dispose();
        thread.dispose();
    }
}
