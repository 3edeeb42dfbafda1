package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.StreamCalls;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A process of little memory that reads a long stream, element by element, and says what came of it. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
final class LongStream {

    private static final String DOCUMENT = """
            document: { dsl: '1.0.3', namespace: test, name: long, version: '1.0.0' }
            do:
              - read:
                  call: stream
                  with:
                    method: get
                    endpoint: URL
                    format: FORMAT
                    concurrency: 4
                    collect: count
                    do:
                      - seen: { set: { size: "${ $item.text | length }" } }
                      - kept: { if: "${ $index % 500 == 0 }", set: "${ .size }", metadata: { sluice: { journal: true } } }
            """;

    private LongStream() {}

    /** Takes an address and a format, and prints how many elements there were and how many entries. */
    public static void main(String[] arguments) {
        Workflow workflow = WorkflowDocuments.read(
                DOCUMENT.replace("URL", arguments[0])
                        .replace("FORMAT", arguments[1])
                        .getBytes(UTF_8),
                WorkflowDocuments.Format.YAML);
        OutboundClient client = new OutboundClient(
                OutboundSettings.DEFAULT, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.0/8"))));
        Clock clock = Clock.systemUTC();
        AtomicLong entries = new AtomicLong();
        RunJournal journal = new RunJournal(
                List.of(), appended -> Mono.fromRunnable(() -> entries.addAndGet(appended.size())), clock);
        RunFacts facts =
                new RunFacts(new OrganizationId(Ids.next()), Ids.next(), 0, clock.instant(), Json.object(), null, 0);
        JsonNode output = new Interpreter(
                        workflow, facts, journal, world(client, clock), Lifecycle.SILENT, () -> true, settings(clock))
                .run(Mono.never())
                .block(Duration.ofMinutes(8));
        client.close();
        System.out.println(output + " elements, " + entries + " entries");
    }

    private static World world(OutboundClient client, Clock clock) {
        World nothing = World.unreachable(() -> new IllegalStateException("There is nothing but the stream"));
        return new World(
                nothing.caller(),
                new StreamCalls(new Authenticators(client, clock), 10, 1 << 20),
                nothing.documents(),
                nothing.channels(),
                nothing.subscriptions(),
                nothing.children(),
                nothing.bell(),
                nothing.secrets());
    }

    private static EngineSettings settings(Clock clock) {
        return new EngineSettings(
                Schedulers.parallel(),
                clock,
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                new IdempotencyKeys(new byte[32]),
                EvaluationThreads.of(Allowance.LIMITS, 1, 1_000, Schedulers.parallel()),
                new CompiledAtOnce(),
                8);
    }
}
