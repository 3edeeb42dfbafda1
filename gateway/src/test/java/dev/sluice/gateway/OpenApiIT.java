package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document as it is served. What it promises is held against all answers of all tests, by {@link RunningGateway}. */
final class OpenApiIT {

    @Test
    void isThereForEverybodyAndWhole() {
        try (RunningGateway gateway = RunningGateway.start()) {
            Answer answer = gateway.get("/openapi.json");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            JsonNode document = answer.json();
            assertThat(document.path("openapi").stringValue()).isEqualTo("3.1.0");
            assertThat(references(document))
                    .isNotEmpty()
                    .allSatisfy(reference -> assertThat(
                                    document.at(reference.substring(1)).isMissingNode())
                            .as(reference)
                            .isFalse());
            List<JsonNode> operations = document.path("paths")
                    .valueStream()
                    .flatMap(JsonNode::valueStream)
                    .toList();
            assertThat(operations.stream()
                            .map(operation -> operation.path("operationId").stringValue()))
                    .doesNotHaveDuplicates()
                    .hasSizeGreaterThan(60);
            assertThat(operations).allSatisfy(operation -> {
                assertThat(operation.path("security").isArray()).isTrue();
                assertThat(operation.path("responses").has("4XX")).isTrue();
            });
            assertThat(document.at("/paths/~1v1~1runs~1{id}/get/description").stringValue())
                    .isEqualTo("Takes the permission `runs:read`.");
            assertThat(document.at("/paths/~1v1~1runs~1{id}/get/parameters/0/name")
                            .stringValue())
                    .isEqualTo("id");
            assertThat(document.at("/paths/~1hooks~1{token}/post/security")).isEmpty();
            for (String path : List.of("/docs", "/assets/docs.js", "/assets/swagger-ui.js", "/assets/swagger-ui.css")) {
                assertThat(gateway.get(path).status()).as(path).isEqualTo(200);
            }
            assertThat(gateway.get("/assets/swagger-ui.js").text()).contains("SwaggerUIBundle");
            assertThat(gateway.post("/openapi.json", "{}").status()).isEqualTo(405);
        }
    }

    private static List<String> references(JsonNode node) {
        return Stream.concat(
                        node.path("$ref").isString()
                                ? Stream.of(node.path("$ref").stringValue())
                                : Stream.empty(),
                        node.valueStream().flatMap(child -> references(child).stream()))
                .toList();
    }
}
