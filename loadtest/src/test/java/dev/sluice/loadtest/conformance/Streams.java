package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses of many elements: five numbers in every format, and pages of two. */
final class Streams {

    private static final int NUMBERS = 5;
    private static final int PAGE = 2;

    void routes(HttpServerRoutes routes) {
        routes.get("/numbers/{format}", Streams::numbers).get("/pages", Streams::page);
    }

    private static Publisher<Void> numbers(HttpServerRequest request, HttpServerResponse response) {
        Flux<Integer> numbers = Flux.range(1, NUMBERS);
        Flux<String> text = switch (Objects.requireNonNull(request.param("format"))) {
            case "json-array" ->
                numbers.map(number -> (number == 1 ? "[" : ",") + object(number))
                        .concatWithValues("]");
            case "ndjson" -> numbers.map(number -> object(number) + "\n");
            case "csv" -> Flux.just("number\r\n").concatWith(numbers.map(number -> number + "\r\n"));
            case "sse" -> numbers.map(number -> "data: " + object(number) + "\n\n");
            default -> Flux.just("{ this is no JSON");
        };
        return response.sendString(text);
    }

    /** By offset, number, cursor or link, whichever is asked for. */
    private static Publisher<Void> page(HttpServerRequest request, HttpServerResponse response) {
        var query = new QueryStringDecoder(request.uri()).parameters();
        int number = Integer.parseInt(query.getOrDefault("page", List.of("1")).getFirst());
        int offset = Integer.parseInt(query.getOrDefault(
                        "after", query.getOrDefault("offset", List.of(Integer.toString(PAGE * (number - 1)))))
                .getFirst());
        ObjectNode page = Json.object();
        var items = page.putArray("items");
        for (int i = offset + 1; i <= Math.min(NUMBERS, offset + PAGE); i++) {
            items.add(i);
        }
        if (offset + PAGE < NUMBERS) {
            page.put("next", Integer.toString(offset + PAGE));
            response.header("Link", "</pages?offset=" + (offset + PAGE) + ">; rel=\"next\"");
        }
        return Answers.json(response, page);
    }

    private static String object(int number) {
        JsonNode object = Json.object().put("number", number);
        return Json.text(object);
    }
}
