package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;

/** Channels of {@code things.example}, what describes them, and the document that the specification's examples name. */
final class MessageChannels {

    private static final JsonNode CHANNELS = Yaml.read("""
            asyncapi: 3.0.0
            info: { title: Things, version: '1' }
            servers:
              site:
                host: things.example
                pathname: '/{stage}'
                protocol: https
                variables: { stage: { enum: [ echo, channels ], default: channels } }
              live: { host: things.example, pathname: /channels, protocol: wss }
              store: { host: 'things.example:6379', protocol: redis }
              queue: { host: things.example, protocol: kafka }
            channels:
              orders: { address: /orders, messages: { order: { $ref: '#/components/messages/order' } } }
              news: { address: /news, messages: { news: { $ref: '#/components/messages/news' } } }
              chat: { address: 'chat.{room}', parameters: { room: { default: all } }, servers: [ { $ref: '#/servers/store' } ] }
              queued: { address: /queued, servers: [ { $ref: '#/servers/queue' } ] }
            operations:
              order: { action: receive, channel: { $ref: '#/channels/orders' } }
              urge:
                action: receive
                channel: { $ref: '#/channels/orders' }
                bindings: { http: { method: PUT, query: { required: [ by, format ], properties: { format: { const: json } } } } }
              hear: { action: send, channel: { $ref: '#/channels/news' } }
              chat: { action: send, channel: { $ref: '#/channels/chat' } }
              queue: { action: receive, channel: { $ref: '#/channels/queued' } }
            components:
              messages:
                order: { payload: { type: object, required: [ id ], properties: { id: { type: integer } } } }
                news: { correlationId: { location: '$message.payload#/about' } }
            """);

    private static final JsonNode FORMER = Yaml.read("""
            asyncapi: 2.6.0
            info: { title: Things, version: '1' }
            servers: { site: { url: 'https://things.example', protocol: https } }
            channels:
              /echo/orders: { publish: { message: { payload: { type: object } } } }
              /channels/news: { subscribe: { message: { payload: { type: object } } } }
            """);

    private static final JsonNode SPLIT = Yaml.read("""
            asyncapi: 3.0.0
            info: { title: Things, version: '1' }
            servers: { site: { $ref: 'asyncapi.json#/servers/site' } }
            operations: { order: { action: receive, channel: { $ref: 'asyncapi.json#/channels/orders' } } }
            """);

    private static final JsonNode EXAMPLES = Yaml.read("""
            asyncapi: 3.0.0
            info: { title: Fake, version: '1' }
            servers:
              production: { host: fake.com, protocol: wss }
              staging: { host: fake.com, protocol: https }
            channels:
              pets: { address: /pets }
              notifications: { address: /notifications }
            operations:
              findPetsByStatus: { action: receive, channel: { $ref: '#/channels/pets' } }
              getNotifications: { action: send, channel: { $ref: '#/channels/notifications' } }
            """);

    void routes(HttpServerRoutes routes) {
        routes.get("/asyncapi.json", (request, response) -> Answers.json(response, CHANNELS))
                .get("/asyncapi-2.json", (request, response) -> Answers.json(response, FORMER))
                .get("/asyncapi-split.json", (request, response) -> Answers.json(response, SPLIT))
                .get("/docs/asyncapi.json", (request, response) -> Answers.json(response, EXAMPLES))
                .route(MessageChannels::isStream, MessageChannels::stream)
                .ws("/channels/orders", (in, out) -> in.receive().then())
                .ws("/channels/news", (in, out) -> out.sendString(news().concatWith(Flux.never())));
    }

    /** The same address is that of a WebSocket. */
    private static boolean isStream(HttpServerRequest request) {
        return request.fullPath().equals("/channels/news")
                && !request.requestHeaders().contains("Upgrade");
    }

    /** Goes on after the one that was had before, and then says nothing more. */
    private static Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        int after = Integer.parseInt(request.requestHeaders().get("Last-Event-ID", "0"));
        Flux<String> events = news().index(
                        (index, news) -> "id: " + (index + 1) + "\nevent: news\ndata: " + news + "\n\n")
                .skip(after);
        return response.sse().sendString(events.concatWith(Flux.never()));
    }

    private static Flux<String> news() {
        return Flux.range(1, 5)
                .map(number ->
                        Json.text(Json.object().put("number", number).put("about", number % 2 == 0 ? "even" : "odd")));
    }
}
