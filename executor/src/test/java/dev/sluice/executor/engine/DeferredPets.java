package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import reactor.core.publisher.Mono;

/** Runs that compute where the description of what they call is, and how it reads there. */
final class DeferredPets {

    static final String PETS = "https://docs.example/pets.json";

    /** Lists pets. */
    static final String TASK = """
            do:
              - list:
                  call: openapi
                  with:
                    document: { endpoint: '${ .where }' }
                    operationId: list
                    parameters: { owner: '${ .owner }' }
            """;

    private DeferredPets() {}

    /** A description that has the operation at a path. */
    static String description(String path) {
        return """
                {"openapi":"3.0.3","servers":[{"url":"/v1"}],"paths":{"%s":{"get":{"operationId":"list","parameters":
                  [{"name":"owner","in":"query","schema":{"type":"integer"}}]}}}}""".formatted(path);
    }

    /** A run of tasks; calls are answered with their addresses. */
    static Rehearsal rehearsal(String tasks, String input) {
        Rehearsal rehearsal = Rehearsal.of(tasks, input);
        rehearsal.documents.contents.put(PETS, description("/pets"));
        return rehearsal.upstream(call -> Mono.just(Json.object().put("uri", call.uri())));
    }

    /** A run of tasks whose input says where the description is. */
    static Rehearsal pets(String tasks) {
        return rehearsal(tasks, "{\"where\":\"" + PETS + "\",\"owner\":7}");
    }
}
