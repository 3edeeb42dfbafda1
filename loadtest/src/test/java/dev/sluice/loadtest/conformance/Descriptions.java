package dev.sluice.loadtest.conformance;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;

/** Documents about {@code things.example} and another host, one of which is another each time. Thread-safe. */
final class Descriptions {

    private static final JsonNode OPENAPI = Yaml.read("""
            openapi: 3.1.0
            info: { title: Things, version: '1' }
            servers: [ { url: 'https://things.example' } ]
            paths:
              /echo/{kind}/{id}:
                parameters:
                  - { name: kind, in: path, required: true, schema: { type: string } }
                get:
                  operationId: findThing
                  parameters:
                    - { name: id, in: path, required: true, schema: { type: integer } }
                    - { name: tags, in: query, schema: { type: array, items: { type: string } } }
                    - { name: fields, in: query, explode: false, schema: { type: array, items: { type: string } } }
                    - { name: X-Tenant, in: header, schema: { type: string } }
                  responses: { '200': { description: A thing } }
                put:
                  operationId: changeThing
                  parameters:
                    - { name: id, in: path, required: true, schema: { type: integer } }
                  requestBody:
                    required: true
                    content: { application/json: { schema: { type: object } } }
                  responses: { '200': { description: A thing } }
              /text:
                get: { operationId: words, responses: { '200': { description: Words } } }
              /moved:
                get: { operationId: moved, responses: { '302': { description: Elsewhere } } }
              /who:
                get: { operationId: who, responses: { '200': { description: Who } } }
              /upload:
                post:
                  operationId: uploadThing
                  requestBody:
                    content:
                      multipart/form-data:
                        schema:
                          type: object
                          required: [ photo ]
                          properties:
                            photo: { type: string, contentMediaType: image/png }
                            tags: { type: array, items: { type: string } }
                            about: { type: object }
                  responses: { '200': { description: Uploaded } }
            """);

    private static final JsonNode SWAGGER = Yaml.read("""
            swagger: '2.0'
            info: { title: Things, version: '1' }
            host: things.example
            basePath: /echo
            schemes: [ https ]
            consumes: [ application/json ]
            paths:
              /{kind}:
                put:
                  operationId: putThing
                  parameters:
                    - { name: kind, in: path, required: true, type: string }
                    - { name: sizes, in: query, type: array, items: { type: integer }, collectionFormat: pipes }
                    - { name: X-Tenant, in: header, type: string }
                    - { name: thing, in: body, schema: { type: object } }
                  responses: { '200': { description: A thing } }
              /upload:
                post:
                  operationId: attachFile
                  consumes: [ multipart/form-data ]
                  parameters:
                    - { name: note, in: formData, type: string }
                    - { name: file, in: formData, type: file, required: true }
                  responses: { '200': { description: Attached } }
            """);

    private static final JsonNode BYTES = Yaml.read("""
            openapi: 3.0.3
            info: { title: Bytes, version: '1' }
            servers: [ { url: 'https://things.example' } ]
            paths:
              /upload:
                post:
                  operationId: store
                  requestBody: { content: { application/octet-stream: { schema: { type: string, format: binary } } } }
                  responses: { '200': { description: Stored } }
            """);

    /** What an example of the specification refers to. */
    private static final JsonNode ORDERS = Yaml.read("""
            openapi: 3.0.3
            info: { title: Orders, version: '1' }
            servers: [ { url: 'http://myorg.io' } ]
            paths:
              /readings: { post: { operationId: logreading, responses: { '200': { description: Logged } } } }
              /reports: { post: { operationId: produceReport, responses: { '200': { description: A report } } } }
            """);

    private static final JsonNode SCHEMA = Yaml.read("""
            $schema: https://json-schema.org/draft/2020-12/schema
            type: object
            required: [ id ]
            properties: { id: { type: integer } }
            """);

    private static final String FUNCTION = """
            input: { schema: { document: { type: object, required: [ message ] } } }
            set: { logged: '${ .message }' }
            """;

    private final Map<String, Integer> visits = new ConcurrentHashMap<>();

    void routes(HttpServerRoutes routes) {
        routes.get("/openapi.json", (request, response) -> Answers.json(response, OPENAPI))
                .get("/swagger.json", (request, response) -> Answers.json(response, SWAGGER))
                .get("/bytes.json", (request, response) -> Answers.json(response, BYTES))
                .get("/ordersservices.json", (request, response) -> Answers.json(response, ORDERS))
                .get("/protos/greeter.proto", (request, response) -> Answers.text(response, Greeter.FILE))
                .get("/protos/messages/greeting.proto", (request, response) -> Answers.text(response, Greeter.MESSAGES))
                .get("/schemas/thing.json", (request, response) -> Answers.json(response, SCHEMA))
                .route(
                        request -> request.fullPath().endsWith("/functions/log/1.0.0/function.yaml"),
                        (request, response) -> Answers.text(response, FUNCTION))
                .get(
                        "/changing/{key}",
                        (request, response) ->
                                Answers.json(response, changing(Objects.requireNonNull(request.param("key")))));
    }

    /** An operation that is elsewhere with each visit. */
    private JsonNode changing(String key) {
        int visit = visits.merge(key, 1, Integer::sum);
        return Yaml.read("""
                openapi: 3.0.3
                info: { title: Changing, version: '1' }
                servers: [ { url: 'https://things.example' } ]
                paths: { /echo/%d: { get: { operationId: look, responses: { '200': { description: Something } } } } }
                """.formatted(visit));
    }
}
