package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Pets, and the description of the two operations by which they are found. */
final class PetStore {

    /** In Swagger 2.0, which is what the store itself speaks. */
    static final JsonNode DOCUMENT = Yaml.read("""
            swagger: '2.0'
            info: { title: Pets, version: '1' }
            host: petstore.swagger.io
            basePath: /v2
            schemes: [ https ]
            paths:
              /pet/findByStatus:
                get:
                  operationId: findPetsByStatus
                  produces: [ application/json ]
                  parameters:
                    - { name: status, in: query, required: true, type: array, items: { type: string }, collectionFormat: multi }
                  responses: { '200': { description: Pets } }
              /pet/{petId}:
                get:
                  operationId: getPetById
                  produces: [ application/json ]
                  parameters:
                    - { name: petId, in: path, required: true, type: integer, format: int64 }
                  responses: { '200': { description: A pet }, '404': { description: None } }
            """);

    private PetStore() {}

    static JsonNode pet(int id) {
        return Json.object().put("id", id).put("name", "Pet " + id).put("status", "available");
    }

    static JsonNode withStatus(Map<String, String> query) {
        ArrayNode pets = Json.array();
        if ("available".equals(query.get("status"))) {
            pets.add(pet(1)).add(pet(2));
        }
        return pets;
    }
}
