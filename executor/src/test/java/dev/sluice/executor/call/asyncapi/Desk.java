package dev.sluice.executor.call.asyncapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.HttpCalls;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.definition.PublishCall;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Message;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.outbound.OutboundWebSockets;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** All that reaches channels, for the tasks of documents that tests write. */
final class Desk implements AutoCloseable {

    static final int LARGEST = 10_000;

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final URI DESCRIPTION = URI.create("https://docs.example/channels.yaml");

    final AtomicBoolean permitted = new AtomicBoolean(true);
    private final Duration limit;
    private final OutboundClient client;
    private final OutboundWebSockets sockets;
    private final ForeignRedis redis;
    private final HttpCalls https;
    private final ChannelCalls channels;

    @SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
    Desk(int maxSubscriptions, Duration limit) {
        OutboundAccess access = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1/32")));
        this.limit = limit;
        this.client = new OutboundClient(OutboundSettings.DEFAULT, access);
        this.sockets = new OutboundWebSockets(OutboundSettings.DEFAULT, access);
        this.redis = new ForeignRedis(access, limit, LARGEST);
        Authenticators authenticators = new Authenticators(client, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        this.https = new HttpCalls(authenticators, LARGEST);
        this.channels = new ChannelCalls(
                authenticators, sockets, redis, new ChannelLimits(maxSubscriptions, 10, LARGEST, limit));
    }

    /** Publishes what a task says. */
    Mono<JsonNode> publish(String server, String with) {
        var call = ((Task.MakeCall) task(server, with)).call();
        return switch (call) {
            case HttpCall http -> https.prepare(http, invocation()).flatMap(Prepared::make);
            case PublishCall message -> channels.prepare(message, invocation()).flatMap(Prepared::make);
            default -> throw new AssertionError("no message is published by " + call);
        };
    }

    /** The messages of what a task subscribes to. */
    Flux<Message> messages(String server, String with, @Nullable String lastId) {
        Task.Subscribe task =
                (Task.Subscribe) task(server, with + " subscription: { consume: { while: '${ true }' } }");
        return channels.messages(task.channel(), invocation(), lastId);
    }

    Flux<String> values(String server, String with) {
        return messages(server, with, null).map(message -> Json.text(message.value()));
    }

    private Invocation invocation() {
        var threads = EvaluationThreads.of(Allowance.LIMITS, 1, 100, Schedulers.parallel());
        return new Invocation(
                ORGANIZATION,
                Json.object().put("user", "jo"),
                Arguments.NONE,
                threads.of(ORGANIZATION),
                "/do/0/a",
                "key",
                null,
                limit,
                permitted::get);
    }

    private static Task task(String server, String with) {
        String description = """
                asyncapi: 3.0.0
                servers: { up: SERVER }
                channels:
                  news:
                    address: /news
                    messages: { any: { correlationId: { location: '$message.payload#/id' } } }
                  room:
                    address: '/rooms/{room}'
                    parameters: { room: {} }
                    messages:
                      any: { bindings: { http: { headers: { type: object, required: [ X-Kind ], properties: { X-Kind: { enum: [ big, small ] } } } } } }
                    bindings:
                      ws:
                        query: { $ref: '#/components/schemas/query' }
                        headers: { type: object, required: [ X-Key, X-Version, Authorization ], properties: { X-Version: { const: '3' } } }
                operations:
                  news: { action: send, channel: { $ref: '#/channels/news' } }
                  room:
                    action: send
                    channel: { $ref: '#/channels/room' }
                    bindings: { http: { query: { $ref: '#/components/schemas/query' } } }
                components:
                  schemas:
                    query:
                      type: object
                      required: [ since, format ]
                      properties: { since: { type: string }, format: { enum: [ json ] }, limit: { default: 5 } }
                """.replace("SERVER", server);
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: channels, version: '1.0.0' }
                do:
                  - a: { call: asyncapi, with: { document: { endpoint: 'URI' }, WITH } }
                """.replace("URI", DESCRIPTION.toString())
                .replace("WITH", with.contains("operation:") ? with : "operation: news, " + with);
        RemoteDocuments documents = new RemoteDocuments();
        documents.put(DESCRIPTION, description.getBytes(UTF_8));
        return WorkflowDocuments.read(document.getBytes(UTF_8), Format.YAML, documents)
                .tasks()
                .tasks()
                .getFirst();
    }

    @Override
    public void close() {
        redis.close();
        sockets.close();
        client.close();
    }
}
