package dev.sluice.executor.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.definition.HttpCall;
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
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Bodies that are no JSON, over a socket, as a reader of others' making understands them. */
final class OpenApiBodiesTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Asked(String contentType, byte[] body) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final DisposableServer upstream = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> request.receive()
                    .aggregate()
                    .asByteArray()
                    .doOnNext(
                            body -> asked.add(new Asked(request.requestHeaders().get("Content-Type", ""), body)))
                    .then(response.status(204).send()))
            .bindNow(DEADLINE);
    private final OutboundClient client =
            new OutboundClient(OutboundSettings.DEFAULT, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.0/8"))));
    private final HttpCalls caller =
            new HttpCalls(new Authenticators(client, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)), 10_000);

    @AfterEach
    void close() {
        client.close();
        upstream.disposeNow(DEADLINE);
    }

    @Test
    void arriveInPartsAndTheSameEachTimeTheCallIsMade() throws IOException {
        JsonNode input = Json.object()
                .put("scan", "AP8NCi0t")
                .put("note", "ä \"quoted\" \r\n--")
                .set("tags", Json.array().add("a").add("b"));

        succeeds(call("multipart/form-data", input, "one"));
        succeeds(call("multipart/form-data", input, "one"));
        succeeds(call("multipart/form-data", input, "two"));

        assertThat(asked).hasSize(3);
        assertThat(asked.get(1).contentType()).isEqualTo(asked.get(0).contentType());
        assertThat(asked.get(1).body()).isEqualTo(asked.get(0).body());
        assertThat(asked.get(2).contentType()).isNotEqualTo(asked.get(0).contentType());
        assertThat(decoded(asked.get(0)))
                .containsExactly(
                        "scan scan.png image/png 00ff0d0a2d2d",
                        "note ä \"quoted\" \r\n--",
                        "tags a",
                        "tags b",
                        "more {\"x\":1}");
    }

    @Test
    void areBytesOfBase64() {
        succeeds(call("application/pdf", Json.object().put("scan", "AP8="), "key"));

        assertThat(asked).singleElement().satisfies(one -> {
            assertThat(one.contentType()).isEqualTo("application/pdf");
            assertThat(one.body()).containsExactly(0, -1);
        });
    }

    @Test
    void areNotSentWhenTheyCannotBeWritten() {
        StepVerifier.create(call("multipart/form-data", Json.object().put("scan", "no file"), "key"))
                .verifyErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(CallFailure.class);
                    var failure = ((CallFailure) error).error();
                    assertThat(failure.type()).endsWith("/errors/expression");
                    assertThat(failure.detail()).startsWith("The part 'scan' is not Base64");
                });
        assertThat(asked).isEmpty();
    }

    private Mono<JsonNode> call(String type, JsonNode input, String key) {
        String body = type.startsWith("multipart")
                ? "{ scan: { base64: '${ .scan }', filename: scan.png, contentType: image/png }, note: '${ .note }',"
                        + " tags: '${ .tags }', more: { x: 1 } }"
                : "{ body: '${ .scan }' }";
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: bodies, version: '1.0.0' }
                do: [ a: { call: openapi, with: { document: { endpoint: https://docs.example/api }, operationId: op, parameters: BODY } } ]
                """.replace("BODY", body);
        RemoteDocuments remote = new RemoteDocuments();
        remote.put(URI.create("https://docs.example/api"), """
                {"openapi":"3.0.3","servers":[{"url":"http://127.0.0.1:%d"}],"paths":{"/":{"post":{"operationId":"op","requestBody":
                  {"content":{"%s":{"schema":{"properties":{"scan":{"type":"string","format":"binary"}}}}}}}}}}
                """.formatted(upstream.port(), type)
                .getBytes(StandardCharsets.UTF_8));
        Task task = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote)
                .tasks()
                .tasks()
                .getFirst();
        return caller.prepare((HttpCall) ((Task.MakeCall) task).call(), invocation(input, key))
                .flatMap(Caller.Prepared::make);
    }

    private static Invocation invocation(JsonNode input, String key) {
        var threads = EvaluationThreads.of(Allowance.LIMITS, 1, 100, Schedulers.parallel());
        return new Invocation(
                ORGANIZATION,
                input,
                Arguments.NONE,
                threads.of(ORGANIZATION),
                "/do/0/a",
                key,
                null,
                DEADLINE,
                () -> true);
    }

    private static void succeeds(Mono<JsonNode> call) {
        StepVerifier.create(call).expectNextCount(1).expectComplete().verify(DEADLINE);
    }

    private static List<String> decoded(Asked asked) throws IOException {
        var request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(asked.body()));
        request.headers().set("Content-Type", asked.contentType());
        HttpPostMultipartRequestDecoder decoder = new HttpPostMultipartRequestDecoder(request);
        try {
            List<String> parts = new ArrayList<>();
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                parts.add(
                        switch (part) {
                            case FileUpload file ->
                                file.getName()
                                        + ' '
                                        + file.getFilename()
                                        + ' '
                                        + file.getContentType()
                                        + ' '
                                        + HexFormat.of().formatHex(file.get());
                            case Attribute attribute -> attribute.getName() + ' ' + attribute.getValue();
                            default -> part.toString();
                        });
            }
            return parts;
        } finally {
            decoder.destroy();
            request.release();
        }
    }
}
