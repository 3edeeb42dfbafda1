package dev.sluice.executor.call.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.definition.GrpcCall;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.ConnectTo;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.outbound.TrustedCertificates;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Makes calls of documents, as the engine does. */
final class Calling implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final int MOST_BYTES = 8 << 20;

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final URI FILE = URI.create("https://things.example/protos/things.proto");

    private final OutboundClient client;
    private final GrpcCalls calls;
    private final String proto;

    /** Of a service that a file describes, to hosts of the machine itself. */
    Calling(String proto) {
        this(proto, ConnectTo.NOTHING_ELSE, TrustedCertificates.PLATFORM);
    }

    Calling(String proto, ConnectTo connectTo, TrustedCertificates trusted) {
        this.proto = proto;
        this.client = new OutboundClient(
                OutboundSettings.DEFAULT,
                new OutboundAccess(AddressPolicy.of(List.of("127.0.0.0/8")), connectTo, trusted));
        this.calls = new GrpcCalls(new Authenticators(client, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)), MOST_BYTES);
    }

    /** A call whose {@code with} has this besides the file, over this input. */
    Mono<JsonNode> call(String with, JsonNode input) {
        return call(with, input, DEADLINE, () -> true);
    }

    Mono<JsonNode> call(String with, JsonNode input, Duration limit, BooleanSupplier permitted) {
        var threads = EvaluationThreads.of(Allowance.LIMITS, 1, 100, Schedulers.parallel());
        var invocation = new Invocation(
                ORGANIZATION,
                input,
                Arguments.NONE,
                threads.of(ORGANIZATION),
                "/do/0/a",
                "the-key",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                limit,
                permitted);
        return calls.prepare(compiled(with), invocation).flatMap(Caller.Prepared::make);
    }

    JsonNode result(String with, JsonNode input) {
        return Objects.requireNonNull(call(with, input).block(DEADLINE));
    }

    CallFailure failure(String with, JsonNode input) {
        return failure(call(with, input));
    }

    static CallFailure failure(Mono<JsonNode> call) {
        CallFailure[] failure = new CallFailure[1];
        StepVerifier.create(call)
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(CallFailure.class);
                    failure[0] = (CallFailure) error;
                })
                .verify(DEADLINE);
        return failure[0];
    }

    private GrpcCall compiled(String with) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: calls, version: '1.0.0' }
                do:
                  - a:
                      call: grpc
                      with:
                        proto: { endpoint: '%s' }
                %s
                """.formatted(FILE, with.indent(8));
        RemoteDocuments remote = new RemoteDocuments();
        remote.put(FILE, proto.getBytes(StandardCharsets.UTF_8));
        Task task = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote)
                .tasks()
                .tasks()
                .getFirst();
        return (GrpcCall) ((Task.MakeCall) task).call();
    }

    static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
    }
}
