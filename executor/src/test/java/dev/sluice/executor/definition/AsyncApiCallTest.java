package dev.sluice.executor.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.schema.InvalidValueException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What becomes of {@code call: asyncapi} when it is deployed. */
final class AsyncApiCallTest {

    private static final String THIRD = """
            asyncapi: 3.0.0
            defaultContentType: application/json
            servers:
              queue: { host: "queue.example:9092", protocol: kafka }
              site:
                host: "{region}.site.example"
                pathname: /{stage}/api/
                protocol: https
                variables:
                  region: { enum: [ eu, us ], default: eu }
                  stage: { default: v1/live }
              live: { host: live.example, protocol: wss }
              store: { $ref: "#/components/servers/store" }
              feed: { host: feed.example, protocol: sse }
              odd: { host: "not a host", protocol: ws }
              open: { host: "{name}.open.example", protocol: ws, variables: { name: {} } }
            channels:
              orders:
                address: /orders/{id}
                parameters:
                  id: { location: "$message.payload#/order/id" }
                messages:
                  placed: { $ref: "#/components/messages/placed" }
              news: { address: "news.{topic}", parameters: { topic: { default: all } }, servers: [ { $ref: "#/servers/store" } ] }
              lost: { address: null }
              circle: { $ref: "#/channels/round" }
              round: { $ref: "#/channels/circle" }
              away: { $ref: "other.json#/channels/x" }
              needy: { address: /x, bindings: { ws: { query: { required: [ token ] } } } }
              choosy: { address: "/y/{who}", parameters: { who: { enum: [ a, b ] } }, bindings: { ws: { headers: { required: [ X-Key, sec-websocket-protocol ] } } } }
              stream: { address: /s, servers: [ { $ref: "#/servers/feed" } ] }
              queued: { address: /q, servers: [ { $ref: "#/servers/queue" } ] }
              binary: { address: /b, messages: { one: { contentType: application/avro } } }
              strange: { address: "/{who}" }
              lists: { address: /l, servers: [ { $ref: "#/servers/open" } ] }
              tree: { address: /t, messages: { leaf: { payload: { $ref: "#/components/schemas/tree" } } } }
              wrong: { address: /w, messages: { one: { payload: { type: nonsense } } } }
            operations:
              order: { action: receive, channel: { $ref: "#/channels/orders" } }
              change:
                action: receive
                channel: { $ref: "#/channels/orders" }
                traits: [ { bindings: { http: { method: PUT } } } ]
              hear: { action: send, channel: { $ref: "#/channels/news" } }
              lose: { action: send, channel: { $ref: "#/channels/lost" } }
              turn: { action: send, channel: { $ref: "#/channels/circle" } }
              leave: { action: send, channel: { $ref: "#/channels/away" } }
              gone: { action: send, channel: { $ref: "gone.json#/channels/x" } }
              odd: { action: send, channel: { $ref: "urn:channel" } }
              need: { action: send, channel: { $ref: "#/channels/needy" } }
              choose: { action: send, channel: { $ref: "#/channels/choosy" } }
              watch: { action: send, channel: { $ref: "#/channels/stream" } }
              queue: { action: send, channel: { $ref: "#/channels/queued" } }
              pack: { action: send, channel: { $ref: "#/channels/binary" } }
              meet: { action: send, channel: { $ref: "#/channels/strange" } }
              turned: { action: send, channel: { $ref: "#/channels/tree" } }
              list: { action: send, channel: { $ref: "#/channels/lists" } }
              grow: { action: receive, channel: { $ref: "#/channels/tree" } }
              err: { action: receive, channel: { $ref: "#/channels/wrong" } }
              ask: { action: receive, channel: { $ref: "#/channels/tree" }, bindings: { http: { query: { required: [ a ] } } } }
            components:
              servers:
                store: { host: "store.example:6380", pathname: /2, protocol: rediss }
              schemas:
                order: { type: object, required: [ id ], properties: { id: { type: string } } }
                tree: { type: object, properties: { left: { $ref: "#/components/schemas/tree" } }, additionalProperties: false }
              messages:
                placed:
                  payload: { type: object, properties: { order: { $ref: "#/components/schemas/order" } } }
                  headers: { type: object, properties: { priority: { type: integer } } }
            """;

    private static final String SECOND = """
            asyncapi: 2.6.0
            servers:
              test: { url: "http://test.example/base", protocol: http }
              live: { url: "wss://{host}:{port}", protocol: ws, variables: { host: { default: a.example }, port: { default: '8443' } } }
            channels:
              /chat:
                servers: [ live ]
                publish: { message: { oneOf: [ { $ref: "#/components/messages/hi" }, { payload: { type: string } } ] } }
              /inbox/{user}:
                parameters: { user: { schema: { type: string, default: me } } }
                subscribe: { message: { $ref: "#/components/messages/hi" } }
            components:
              messages: { hi: { payload: { type: object, required: [ text ] } } }
            """;

    private static final String PUBLISH = "message: { payload: { order: { id: '7' } } }";
    private static final String SUBSCRIBE = "subscription: { consume: { amount: 1 } }";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "operation: order, server: { name: site }                                    | https://eu.site.example/v1/live/api/orders/7",
                "operation: order, server: { name: site, variables: { region: us, stage: a/b } } | https://us.site.example/a%2Fb/api/orders/7",
                "operation: order                                                            | https://eu.site.example/v1/live/api/orders/7",
                "operation: order, protocol: ws                                              | wss://live.example/orders/7",
                "operation: order, protocol: redis                                           | rediss://store.example:6380/2",
            })
    void findsTheServerAndTheChannelOfAnOperation(String which, String uri) {
        Task.MakeCall task = (Task.MakeCall) task(THIRD, which + ", " + PUBLISH);

        assertThat(uri(task.call())).hasToString(uri);
    }

    @Test
    void publishesOverHttpByARequest() {
        HttpCall call = (HttpCall) ((Task.MakeCall)
                        task(THIRD, "operation: change, message: { payload: \"${ . }\", headers: { priority: 3 } }"))
                .call();
        JsonNode message = evaluate(call, "{\"order\":{\"id\":\"a/b\"}}");

        assertThat(call.method()).isEqualTo("PUT");
        assertThat(call.uri().evaluate(message, Arguments.NONE).asString()).endsWith("/orders/a%2Fb");
        assertThat(requireNonNull(call.body()).evaluate(message, Arguments.NONE))
                .hasToString("{\"order\":{\"id\":\"a/b\"}}");
        assertThat(requireNonNull(call.headers()).evaluate(message, Arguments.NONE))
                .hasToString("{\"Content-Type\":\"application/json\",\"priority\":3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "operation: order | {\"order\":{}}               | required property 'id'",
                "operation: order | [1]                          | object expected",
                "operation: grow  | {\"left\":{\"left\":{\"a\":1}}} | 'a' is not defined",
            })
    void holdsAMessageAgainstItsSchema(String which, String payload, String reason) {
        HttpCall call = (HttpCall) ((Task.MakeCall) task(THIRD, which + ", message: { payload: \"${ . }\" }")).call();

        assertThat(catchThrowable(() -> evaluate(call, payload)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsDocumentsOfVersionTwo() {
        Task.Subscribe inbox = (Task.Subscribe) task(SECOND, "channel: '/inbox/{user}', " + SUBSCRIBE);
        PublishCall chat = (PublishCall)
                ((Task.MakeCall) task(SECOND, "channel: /chat, message: { payload: { text: hi } }")).call();

        assertThat(inbox.channel().endpoint().uri(Json.object())).hasToString("http://test.example/base/inbox/me");
        assertThat(chat.endpoint().uri(Json.object())).hasToString("wss://a.example:8443/chat");
        assertThat(inbox.lifetime().amount()).isEqualTo(1);
    }

    @Test
    void namesTheChannelOfRedisAsTheDocumentDoes() {
        Task.Subscribe task = (Task.Subscribe) task(THIRD, "operation: hear, " + SUBSCRIBE);
        Endpoint endpoint = task.channel().endpoint();

        assertThat(endpoint.channel(Json.object())).isEqualTo("news.all");
        assertThat(endpoint.server().name()).isEqualTo("store");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "operation: ordr, P                    | there is no operation 'ordr' in the document (did you mean 'order'?)",
                "channel: orders, P                    | 'channel' is not available in AsyncAPI 3",
                "operation: order, channel: x, P       | needs exactly one of channel, operation",
                "P                                     | needs exactly one of channel, operation",
                "operation: order                      | needs exactly one of message, subscription",
                "operation: order, P, S                | needs exactly one of message, subscription",
                "operation: order, server: { name: sit }, P  | there is no server 'sit' in the document (did you mean 'site'?)",
                "operation: hear, server: { name: site }, S  | the channel is not on the server 'site'",
                "operation: order, server: { name: site, variables: { regon: eu } }, P | neither server nor channel has a variable 'regon' (did you mean 'region'?)",
                "operation: order, server: { name: site, variables: { region: as } }, P | 'as' is none of eu, us",
                "operation: order, server: { name: queue }, P | its server 'queue' speaks 'kafka', which is not available, only http, redis and ws",
                "operation: order, protocol: kafka, P  | 'kafka' is not available, only http, redis and ws",
                "operation: order, protocol: kafkaa, P | (did you mean 'kafka'?)",
                "operation: queue, S                   | the channel's servers speak 'kafka', which is not available",
                "operation: hear, protocol: http, S    | the channel's servers speak 'rediss', which is not available, only 'http', which is asked for",
                "operation: watch, P                   | speaks 'sse', by which messages come and none can be published",
                "operation: lose, S                    | the channel of its operation 'lose' has no address",
                "operation: turn, S                    | leads in a circle",
                "operation: leave, S                   | 'other.json#/channels/x' leads nowhere",
                "operation: gone, S                    | it refers to https://docs.example/gone.json, which cannot be fetched: status 404",
                "operation: odd, S                     | it refers to 'urn:channel', which is no absolute http or https URI",
                "operation: need, protocol: ws, S      | nothing says what 'token' of the channel is; the variables of 'server' may say so",
                "operation: ask, P                     | nothing says what 'a' of the channel is; the variables of 'server' may say so",
                "operation: need, server: { name: live, variables: { tokn: a } }, S | neither server nor channel has a variable 'tokn' (did you mean 'token'?)",
                "operation: choose, server: { name: site, variables: { who: c } }, S | 'c' is none of a, b",
                "operation: choose, server: { name: live, variables: { who: a } }, S | its channel requires a subprotocol of WebSocket and does not say which",
                "operation: pack, S                    | messages of application/avro are not available",
                "operation: meet, S                    | nothing says what 'who' of the channel is",
                "operation: list, S                    | nothing says what 'name' of the channel is",
                "operation: watch, server: { name: feed, variables: {} }, P | none can be published",
                "operation: need, server: { name: odd }, S  | nothing says what 'token' of the channel is",
                "operation: turned, server: { name: odd }, S | The address of the channel is not a URI",
                "operation: err, P                     | the schema of a message is none",
                "operation: order, protocol: ws, message: { payload: {}, headers: { a: b } } | a message over 'ws' has no headers",
                "operation: order, protocol: ws, message: {} | 'payload' is missing: a message over 'ws' is nothing else",
                "operation: order, message: { payload: 7 } | must be an object or an expression ${ }, not a number",
                "operation: order, message: { body: {} } | unknown property 'body'",
                "operation: hear, authentication: { bearer: { token: t } }, S | this scheme is not available over 'redis'",
                "operation: hear, subscription: {}     | 'consume' is missing",
                "operation: hear, subscription: { consume: {} } | needs exactly one of amount, while, until",
                "operation: hear, subscription: { consume: { amount: 1, until: '${ true }' } } | needs exactly one of amount, while, until",
                "operation: hear, subscription: { consume: { amount: 0 } } | must be a whole number from 1 to 10000",
                "operation: hear, subscription: { consume: { amount: 1, for: soon } } | is not an ISO 8601 duration",
                "operation: hear, subscription: { consume: { amount: 1 }, foreach: { each: x } } | unknown property 'each'",
                "operation: hear, subscription: { consume: { amount: 1 }, filter: '${ .a ' } | invalid expression",
            })
    void refusesWhatThereIsNotAndSaysWhy(String with, String reason) {
        String full =
                with.replace(" P", " " + PUBLISH).replace(" S", " " + SUBSCRIBE).replaceAll("^P ?$", PUBLISH);
        assertThat(violations(THIRD, full.strip().equals("P") ? PUBLISH : full))
                .anySatisfy(violation -> assertThat(violation).contains(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "operation: x, S           | 'operation' is not available in AsyncAPI 2",
                "channel: /caht, P         | there is no channel '/caht' in the document (did you mean '/chat'?)",
                "channel: /chat, S         | its channel '/chat' has no operation 'subscribe'",
            })
    void refusesWhatADocumentOfVersionTwoHasNot(String with, String reason) {
        assertThat(violations(SECOND, with.replace(" P", " " + PUBLISH).replace(" S", " " + SUBSCRIBE)))
                .anySatisfy(violation -> assertThat(violation).contains(reason));
    }

    /** Of ten thousand messages that are the same one is looked at; of many that are large not all. */
    @Test
    void copiesNoMoreOfSchemasThanABound() {
        String same = "{ $ref: '#/components/messages/m' },".repeat(10_000);
        String properties = IntStream.range(0, 2_000)
                .mapToObj(i -> "p" + i + ": { type: string }")
                .collect(Collectors.joining(", "));
        String described = """
                asyncapi: 3.0.0
                servers: { s: { host: a.example, protocol: http } }
                channels: { c: { address: /c } }
                operations: { o: { action: receive, channel: { $ref: '#/channels/c' }, messages: [ MESSAGES ] } }
                components: { messages: { m: { payload: { type: object, properties: { PROPERTIES } } } } }
                """.replace("PROPERTIES", properties);
        assertThat(violations(described.replace("MESSAGES", same), "operation: o, " + PUBLISH))
                .isEmpty();
        String different = IntStream.range(0, 60)
                .mapToObj(i -> "{ payload: { type: object, title: t" + i + ", properties: { " + properties + " } } }")
                .collect(Collectors.joining(", "));
        assertThat(violations(described.replace("MESSAGES", different), "operation: o, " + PUBLISH))
                .singleElement()
                .asString()
                .contains("more than 100000 values together");
    }

    @Test
    void refusesWhatIsNoAsyncApi() {
        assertThat(violations("openapi: 3.0.0", "operation: x, " + PUBLISH))
                .anySatisfy(violation -> assertThat(violation).contains("it is neither AsyncAPI 2 nor AsyncAPI 3"));
    }

    private static Task task(String description, String with) {
        return read(description, with).tasks().tasks().getFirst();
    }

    private static List<String> violations(String description, String with) {
        try {
            var _ = read(description, with);
            return List.of();
        } catch (SluiceException e) {
            return e.violations().stream().map(Violation::detail).toList();
        }
    }

    private static Workflow read(String description, String with) {
        URI uri = URI.create("https://docs.example/channels.yaml");
        RemoteDocuments documents = new RemoteDocuments();
        documents.put(uri, description.getBytes(UTF_8));
        documents.put(URI.create("https://docs.example/other.json"), "{}".getBytes(UTF_8));
        documents.fail(URI.create("https://docs.example/gone.json"), "status 404");
        String document = Documents.HEAD + "do:\n  - a: { call: asyncapi, with: { document: { endpoint: '" + uri
                + "' }, " + with + " } }\n";
        return WorkflowDocuments.read(document.getBytes(UTF_8), Format.YAML, documents);
    }

    private static URI uri(Call call) {
        JsonNode message = Json.read("{\"payload\":{\"order\":{\"id\":\"7\"}}}".getBytes(UTF_8));
        return switch (call) {
            case HttpCall http -> {
                JsonNode evaluated = evaluate(http, "{}");
                yield URI.create(http.uri().evaluate(evaluated, Arguments.NONE).asString());
            }
            case PublishCall publish -> publish.endpoint().uri(message);
            default -> throw new AssertionError("no message is published by " + call);
        };
    }

    private static JsonNode evaluate(HttpCall call, String input) {
        return requireNonNull(call.arguments()).evaluate(Json.read(input.getBytes(UTF_8)), Arguments.NONE);
    }
}
