package dev.sluice.executor.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.a2a.A2aCalls;
import dev.sluice.executor.call.asyncapi.ChannelCalls;
import dev.sluice.executor.call.asyncapi.ChannelLimits;
import dev.sluice.executor.call.asyncapi.ForeignRedis;
import dev.sluice.executor.call.grpc.GrpcCalls;
import dev.sluice.executor.call.mcp.McpCalls;
import dev.sluice.executor.definition.A2aCall;
import dev.sluice.executor.definition.Call;
import dev.sluice.executor.definition.GrpcCall;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.executor.definition.PublishCall;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.executor.engine.TestEvaluations;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.ConnectTo;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.outbound.OutboundWebSockets;
import dev.sluice.shared.outbound.TrustedCertificates;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.CertifiedServer;
import dev.sluice.shared.testing.TestTls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Calls that say who makes them by a certificate, over each protocol, to a server that has no time for others. */
@Timeout(120)
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
final class CertifiedCallsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int MOST = 20_000;
    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final URI PROTO = URI.create("https://docs.example/a.proto");
    private static final URI CHANNELS = URI.create("https://docs.example/channels.yaml");

    @TempDir
    private static Path folder;

    private static TestTls own;
    private static TestTls ann;
    private static TestTls stranger;

    private CertifiedServer server;
    private OutboundClient client;
    private OutboundWebSockets sockets;
    private ForeignRedis redis;
    private Authenticators authenticators;

    @BeforeAll
    static void make() {
        own = TestTls.in(folder, "server");
        ann = TestTls.in(folder, "ann");
        stranger = TestTls.in(folder, "stranger");
    }

    @BeforeEach
    void start() {
        server = new CertifiedServer(own, List.of(ann));
        OutboundAccess access = new OutboundAccess(
                AddressPolicy.of(List.of("127.0.0.1/32")),
                ConnectTo.of(List.of("localhost:443=127.0.0.1:" + server.port())),
                TrustedCertificates.in(
                        own.certificate(folder.resolve("own.pem")).toString()));
        client = new OutboundClient(OutboundSettings.DEFAULT, access);
        sockets = new OutboundWebSockets(OutboundSettings.DEFAULT, access);
        redis = new ForeignRedis(access, DEADLINE, MOST);
        authenticators = new Authenticators(client, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        redis.close();
        sockets.close();
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ call: http, with: { method: post, body: [ 1 ], endpoint: { uri: 'https://localhost/', authentication: AUTH } } }",
                "{ call: stream, with: { endpoint: { uri: 'https://localhost/', authentication: AUTH }, method: get, format: ndjson } }",
                "{ call: stream, with: { endpoint: { uri: 'https://localhost/', authentication: AUTH }, method: get, format: pages, select: '.[]', pages: { page: { } } } }",
                "{ call: mcp, with: { protocolVersion: '2025-11-25', method: tools/list, client: { name: a, version: '1' }, transport: { http: { endpoint: { uri: 'https://localhost/', authentication: AUTH } } } } }",
                "{ call: a2a, with: { method: 'message/send', server: { uri: 'https://localhost/', authentication: AUTH }, parameters: { message: { } } } }",
                "{ call: grpc, with: { proto: { endpoint: 'https://docs.example/a.proto' }, service: { name: a.A, host: localhost, authentication: AUTH }, method: B } }",
                "{ call: asyncapi, with: { document: { endpoint: 'https://docs.example/channels.yaml' }, operation: news, server: { name: up }, message: { payload: { a: 1 } }, authentication: AUTH } }",
                "{ call: asyncapi, with: { document: { endpoint: 'https://docs.example/channels.yaml' }, operation: news, server: { name: up }, subscription: { consume: { amount: 1 } }, authentication: AUTH } }",
                "{ call: asyncapi, with: { document: { endpoint: 'https://docs.example/channels.yaml' }, operation: room, server: { name: sockets }, message: { payload: { a: 1 } }, authentication: AUTH } }",
                "{ call: asyncapi, with: { document: { endpoint: 'https://docs.example/channels.yaml' }, operation: room, server: { name: sockets }, subscription: { consume: { amount: 1 } }, authentication: AUTH } }",
            })
    void showIt(String task) {
        Throwable outcome = outcome(task.replace("AUTH", certificate(ann.certificatePem(), ann.keyPem())));
        assertThat(server.shown()).as(String.valueOf(outcome)).isNotEmpty().containsOnly(ann.name());

        Throwable refused = outcome(task.replace("AUTH", certificate(stranger.certificatePem(), stranger.keyPem())));
        assertThat(server.shown()).containsOnly(ann.name());
        isFailure(refused, "authentication", "The server did not accept the client certificate (certificate_unknown).");
    }

    @Test
    void showNoneWithoutBeingToldTo() {
        Throwable refused = outcome("{ call: http, with: { method: get, endpoint: 'https://localhost/' } }");
        isFailure(refused, "authentication", "The server wants a client certificate.");
        assertThat(server.shown()).isEmpty();
    }

    @Test
    void shareConnectionsOneAfterTheOther() {
        HttpCall task = (HttpCall) ((Task.MakeCall) compiled(http("https://localhost/", certificate(ann)))).call();
        HttpCalls calls = new HttpCalls(authenticators, MOST);
        StepVerifier.create(calls.prepare(task, invocation())
                        .flatMap(Prepared::make)
                        .repeat(9))
                .expectNextCount(10)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(server.shown()).hasSize(10).containsOnly(ann.name());
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void failWhereItCannotBeShown() {
        Throwable plain = outcome(http("${ \"http://\" + \"localhost/\" }", certificate(ann)));
        isFailure(plain, "configuration", "https, where a client certificate is to be shown");
        Throwable wrong = outcome(http("https://localhost/", certificate(ann.certificatePem(), stranger.keyPem())));
        isFailure(wrong, "configuration", "'key' of the authentication is not the key of the first certificate");
        assertThat(server.shown()).isEmpty();
    }

    @Test
    void areToldOfItsSchemeAndNothingElse() {
        String task = "{ call: http, with: { method: get, query: { scheme: '${ $authorization | tojson }' },"
                + " endpoint: { uri: 'https://localhost/', authentication: AUTH } } }";
        Task.MakeCall compiled = (Task.MakeCall) compiled(task.replace("AUTH", certificate(ann)));
        HttpCall call = (HttpCall) compiled.call();
        OutboundRequest request = Objects.requireNonNull(new CallCredentials(authenticators)
                .prepare(
                        call.authentication(),
                        invocation(),
                        (seeing, given) -> Requests.of(call, seeing, null, MOST),
                        (made, given) -> made)
                .block(DEADLINE));
        assertThat(request.uri().getQuery()).isEqualTo("scheme={\"scheme\":\"Certificate\"}");
        assertThat(request.headers()).doesNotContainKey("Authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ call: http, with: { method: get, endpoint: { uri: 'http://localhost/{x}', authentication: AUTH } } }",
                "{ call: grpc, with: { proto: { endpoint: 'https://docs.example/a.proto' }, service: { name: a.A, host: localhost, port: 5000, authentication: AUTH }, method: B } }",
                "{ call: asyncapi, with: { document: { endpoint: 'https://docs.example/channels.yaml' }, operation: news, server: { name: plain }, message: { payload: { a: 1 } }, authentication: AUTH } }",
            })
    void areRefusedAtDeployWhereItCannotBeShown(String task) {
        assertThatThrownBy(() -> compiled(task.replace("AUTH", certificate(ann))))
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        refusal -> assertThat(refusal.violations())
                                .singleElement()
                                .satisfies(one -> assertThat(one.detail())
                                        .isEqualTo("a certificate is shown over TLS alone, and this goes to http://")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ certificate: { chain: a } }", "{ certificate: { chain: a, key: b, passphrase: c } }"})
    void areRefusedWithoutWhatItTakes(String authentication) {
        assertThatThrownBy(() -> compiled(http("https://localhost/", authentication)))
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        refusal -> assertThat(refusal.violations())
                                .singleElement()
                                .satisfies(one -> assertThat(one.pointer()).contains("/authentication/certificate")));
    }

    /** What a call fails with, whatever it is; nothing else is waited for. */
    private Throwable outcome(String task) {
        Mono<?> call = switch (compiled(task)) {
            case Task.MakeCall made -> made(made.call());
            case Task.ReadStream stream ->
                new StreamCalls(authenticators, 10, MOST)
                        .prepare(stream.source(), invocation())
                        .flatMap(source -> source.open(Place.START).next());
            case Task.Subscribe subscribe ->
                channels().messages(subscribe.channel(), invocation(), null).next();
            default -> throw new AssertionError(task);
        };
        return call.then(Mono.<Throwable>just(new AssertionError("it did not fail")))
                .onErrorResume(Mono::just)
                .blockOptional(DEADLINE)
                .orElseThrow();
    }

    private Mono<?> made(Call call) {
        Mono<Prepared> prepared = switch (call) {
            case HttpCall http -> new HttpCalls(authenticators, MOST).prepare(http, invocation());
            case GrpcCall grpc -> new GrpcCalls(authenticators, MOST).prepare(grpc, invocation());
            case McpCall mcp -> new McpCalls(client, authenticators, MOST).prepare(mcp, invocation());
            case A2aCall a2a -> new A2aCalls(client, authenticators, MOST).prepare(a2a, invocation());
            case PublishCall message -> channels().prepare(message, invocation());
            default -> throw new AssertionError(call);
        };
        return prepared.flatMap(Prepared::make);
    }

    private ChannelCalls channels() {
        return new ChannelCalls(authenticators, sockets, redis, new ChannelLimits(10, 10, MOST, DEADLINE));
    }

    private static void isFailure(Throwable error, String type, String detail) {
        assertThat(error).isInstanceOfSatisfying(CallFailure.class, failure -> {
            assertThat(failure.error().type()).endsWith("/errors/" + type);
            assertThat(failure.error().detail()).contains(detail);
            assertThat(failure.unknown()).isFalse();
        });
    }

    private static String http(String uri, String authentication) {
        return "{ call: http, with: { method: get, endpoint: { uri: '" + uri + "', authentication: " + authentication
                + " } } }";
    }

    private static String certificate(TestTls client) {
        return certificate(client.certificatePem(), client.keyPem());
    }

    private static String certificate(String chain, String key) {
        return "{ certificate: " + Json.text(Json.object().put("chain", chain).put("key", key)) + " }";
    }

    private static Invocation invocation() {
        return new Invocation(
                ORGANIZATION,
                Json.object(),
                Arguments.NONE,
                TestEvaluations.SHARED.of(ORGANIZATION),
                "/do/0/a",
                "key",
                null,
                DEADLINE,
                () -> true);
    }

    private static Task compiled(String task) {
        String document = "document: { dsl: '1.0.3', namespace: test, name: certified, version: '1.0.0' }\n"
                + "do: [ { a: " + task + " } ]\n";
        RemoteDocuments documents = new RemoteDocuments();
        documents.put(PROTO, """
                syntax = "proto3";
                package a;
                message M {}
                service A { rpc B(M) returns (M); }
                """.getBytes(StandardCharsets.UTF_8));
        documents.put(CHANNELS, """
                asyncapi: 3.0.0
                servers:
                  up: { host: localhost, protocol: https }
                  plain: { host: localhost, protocol: http }
                  sockets: { host: localhost, protocol: wss }
                channels:
                  news: { address: /news, messages: { any: { } } }
                  room: { address: /socket, messages: { any: { } } }
                operations:
                  news: { action: send, channel: { $ref: '#/channels/news' } }
                  room: { action: send, channel: { $ref: '#/channels/room' } }
                """.getBytes(StandardCharsets.UTF_8));
        return WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, documents)
                .tasks()
                .tasks()
                .getFirst();
    }
}
