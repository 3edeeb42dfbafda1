package dev.sluice.executor.engine;

import dev.sluice.executor.engine.Streamer.Element;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Streams of elements e0, e1, …, and workflows that read them. */
final class ScriptedStream {

    static final String CALLS = """
            do:
              - read:
                  call: stream
                  with:
                    method: get
                    endpoint: https://a.example/items
                    format: ndjson
                    %s
                    do:
                      - one:
                          call: http
                          with: {method: post, endpoint: "https://a.example/{id}", body: "${ . }"}
                      - two:
                          call: http
                          with: {method: post, endpoint: "https://a.example/two", body: "${ {index: $index, id: $item.id} }"}
              - after:
                  call: http
                  with: {method: post, endpoint: "https://a.example/after", body: "${ . }"}
            """;

    private ScriptedStream() {}

    static Mono<JsonNode> echo(Rehearsal.Call call) {
        return Mono.just(call.body() == null ? Json.object() : call.body());
    }

    static List<String> ids(int count, String form) {
        return IntStream.range(0, count).mapToObj(form::formatted).toList();
    }

    static Flux<List<Element>> batches(int count, int size) {
        return batches(count, size, Place.START);
    }

    static Flux<List<Element>> batches(int count, int size, Place from) {
        return Flux.range(0, count)
                .filter(i -> i >= from.record())
                .map(i -> new Element(Json.object().put("id", "e" + i), new Place(NullNode.getInstance(), i + 1L, 0)))
                .buffer(size);
    }
}
