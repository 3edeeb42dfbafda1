package dev.sluice.executor.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.a2a.A2aCalls;
import dev.sluice.executor.call.mcp.McpCalls;
import dev.sluice.executor.definition.A2aCall;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.TestEvaluations;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Makes calls of MCP and A2A as a workflow's tasks make them, over sockets. */
public final class RpcCalls implements AutoCloseable {

    public static final Duration DEADLINE = Duration.ofSeconds(10);
    public static final int MOST_BYTES = 20_000;

    /** Longer than any machine that tests run on takes to end a session. */
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final OutboundClient client = new OutboundClient(
            OutboundSettings.DEFAULT, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.0/8", "[::1]"))));
    private final Authenticators authenticators =
            new Authenticators(client, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private final A2aCalls a2a = new A2aCalls(client, authenticators, MOST_BYTES);
    private final McpCalls mcp;

    public RpcCalls() {
        this(FAREWELL);
    }

    /** Whose servers of MCP have so long to take that a session ends. */
    public RpcCalls(Duration farewell) {
        this.mcp = new McpCalls(client, authenticators, MOST_BYTES, farewell);
    }

    /** The output of a task whose {@code call} and {@code with} are written in YAML. */
    public Mono<JsonNode> call(String task) {
        return call(task, DEADLINE, () -> true);
    }

    public Mono<JsonNode> call(String task, Duration limit, BooleanSupplier permitted) {
        return call(task, limit, permitted, new RemoteDocuments());
    }

    public Mono<JsonNode> call(String task, Duration limit, BooleanSupplier permitted, RemoteDocuments remote) {
        String document = "document: { dsl: '1.0.3', namespace: test, name: calls, version: '1.0.0' }\n"
                + "do:\n  - a:\n" + task.indent(6);
        Task compiled = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote)
                .tasks()
                .tasks()
                .getFirst();
        Mono<Caller.Prepared> prepared = switch (((Task.MakeCall) compiled).call()) {
            case McpCall call -> mcp.prepare(call, invocation(limit, permitted));
            case A2aCall call -> a2a.prepare(call, invocation(limit, permitted));
            default -> throw new IllegalArgumentException("not here");
        };
        return prepared.flatMap(Caller.Prepared::make);
    }

    private static Invocation invocation(Duration limit, BooleanSupplier permitted) {
        return new Invocation(
                ORGANIZATION,
                Json.object().put("user", "jo").put("city", "Ulm"),
                Arguments.NONE,
                TestEvaluations.SHARED.of(ORGANIZATION),
                "/do/0/a",
                "the-key",
                TRACE,
                limit,
                permitted);
    }

    /** What a call gives. */
    public static JsonNode output(Mono<JsonNode> call) {
        return Objects.requireNonNull(call.block(DEADLINE));
    }

    /** Expects an error. */
    public static void fails(Mono<JsonNode> call, String type, int status, String detail) {
        var _ = outcomeIsUnknown(call, type, status, detail);
    }

    /** Expects an error, and says whether nobody knows what the call did. */
    public static boolean outcomeIsUnknown(Mono<JsonNode> call, String type, int status, String detail) {
        boolean[] unknown = {false};
        StepVerifier.create(call)
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(CallFailure.class);
                    var failure = ((CallFailure) error).error();
                    assertThat(failure.type()).endsWith("/errors/" + type);
                    assertThat(failure.status()).isEqualTo(status);
                    assertThat(failure.instance()).isEqualTo("/do/0/a");
                    assertThat(failure.detail()).contains(detail);
                    unknown[0] = ((CallFailure) error).unknown();
                })
                .verify(DEADLINE);
        return unknown[0];
    }

    @Override
    public void close() {
        client.close();
    }
}
