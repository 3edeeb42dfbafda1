package dev.sluice.gateway.deprecation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

final class DeprecationsTest {

    @Test
    void areTheOperationsThatTheDocumentSaysAre() {
        Deprecations found = document("""
                "deprecated":true,"x-deprecation":{"date":"2023-06-30T23:59:59Z","sunset":"2024-07-01T01:59:59+02:00",
                 "link":"https://docs.example/moved?a=1#b","successor":"/v1/others"}""");
        var operation = found.find(HttpMethod.HEAD, PathContainer.parsePath("/v1/things/7"))
                .orElseThrow();
        HttpHeaders answer = new HttpHeaders();
        answer.add("Link", "</next>; rel=\"next\"");
        answer.add("Deprecation", "@1");
        operation.deprecation().announce(answer);
        assertThat(answer.get("Deprecation")).containsExactly("@1688169599");
        assertThat(answer.get("Sunset")).containsExactly("Sun, 30 Jun 2024 23:59:59 GMT");
        assertThat(answer.get("Link"))
                .containsExactly(
                        "</next>; rel=\"next\"",
                        "<https://docs.example/moved?a=1#b>; rel=\"deprecation\"",
                        "</v1/others>; rel=\"successor-version\"");
        assertThat(found.find(HttpMethod.POST, PathContainer.parsePath("/v1/things/7")))
                .isEmpty();
        assertThat(found.find(HttpMethod.GET, PathContainer.parsePath("/v1/things")))
                .isEmpty();
        assertThat(document("\"deprecated\":false").all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"deprecated\":true",
                "\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\"}",
                "\"deprecated\":true,\"x-deprecation\":{}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30\"}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":1688169599}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\",\"sun\":\"\"}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\",\"sunset\":\"2023-06-30T23:59:58Z\"}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\",\"link\":\"nowhere\"}",
                "\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\",\"link\":\"https://a>b\"}"
            })
    void cannotBeWhatNoHeaderSays(String operation) {
        assertThatIllegalStateException()
                .isThrownBy(() -> document(operation))
                .withMessageStartingWith("openapi.yaml: get /v1/things/{id} (expected: ");
    }

    @Test
    void cannotBeWhereNoHeaderIsAdded() {
        String operation =
                "{\"operationId\":\"x\",\"deprecated\":true,\"x-deprecation\":{\"date\":\"2023-06-30T23:59:59Z\"}}";
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> Deprecations.of(read("{\"paths\":{\"/hooks/{token}\":{\"post\":" + operation + "}}}")))
                .withMessageContaining("below /v1");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/x,true",
        "http://a.example,true",
        "/v1/x,false",
        "mailto:a@b.example,false",
        "https://u:p@a.example,false",
        "https:///x,false",
        "https://a.example/\u00e4,true",
        "'https://a.example/ x',false"
    })
    void leadToAddressesOfTheWeb(String text, boolean is) {
        assertThat(Deprecation.address(text).isPresent()).isEqualTo(is);
        assertThat(Deprecation.address(text).map(Object::toString).orElse(""))
                .satisfies(link -> assertThat(
                                StandardCharsets.US_ASCII.newEncoder().canEncode(link))
                        .isTrue());
    }

    private static Deprecations document(String operation) {
        return Deprecations.of(
                read("{\"paths\":{\"/v1/things/{id}\":{\"get\":{\"operationId\":\"showThing\"," + operation + "}}}}"));
    }

    private static tools.jackson.databind.JsonNode read(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
