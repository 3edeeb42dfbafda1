package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.openapi.ApiDocument;
import dev.sluice.gateway.openapi.OpenApi;
import dev.sluice.shared.testing.TestRedis;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What callers are told of what is on its way out: an operation of a document of the test's own, and published routes. */
final class DeprecationIT {

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static String owner;
    private static String api;

    /** Of which nothing but an operation is another one's. */
    static final class Elsewhere {

        @Bean
        @Primary
        static ApiDocument deprecating() {
            ObjectNode document = OpenApi.of(AccessRules.ROUTES);
            ObjectNode operation =
                    (ObjectNode) document.path("paths").path("/v1/endpoints").path("get");
            operation
                    .put("deprecated", true)
                    .putObject("x-deprecation")
                    .put("date", "2026-01-01T00:00:00Z")
                    .put("sunset", "2099-01-01T00:00:00Z")
                    .put("link", "https://docs.example/endpoints");
            return new ApiDocument(document);
        }
    }

    @BeforeAll
    static void start() {
        TestRedis.flush();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(
                "sluice.routing.outbound-allow=127.0.0.1/32", "spring.main.sources=" + Elsewhere.class.getName());
        owner = gateway.newOrganization("deprecating");
        api = "/api/"
                + gateway.getAs(owner, "/v1/organizations")
                        .json()
                        .at("/items/0/id")
                        .stringValue();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        TestRedis.flush();
    }

    @BeforeEach
    void reset() {
        upstream.reset();
    }

    @Test
    void anOperationTellsWhatTheDocumentSays() {
        assertThat(gateway.get("/openapi.json")
                        .json()
                        .at("/paths/~1v1~1endpoints/get/deprecated")
                        .booleanValue())
                .isTrue();
        double before = counted("listEndpoints");
        for (Answer answer : List.of(gateway.getAs(owner, "/v1/endpoints"), gateway.get("/v1/endpoints"))) {
            assertThat(answer.header("Deprecation")).isEqualTo("@1767225600");
            assertThat(answer.header("Sunset")).isEqualTo("Thu, 01 Jan 2099 00:00:00 GMT");
            assertThat(answer.header("Link")).isEqualTo("<https://docs.example/endpoints>; rel=\"deprecation\"");
        }
        assertThat(counted("listEndpoints") - before).isEqualTo(2);
        for (Answer answer :
                List.of(gateway.postAs(owner, "/v1/endpoints", "{}"), gateway.getAs(owner, "/v1/routes"))) {
            assertThat(answer.header("Deprecation")).isEmpty();
        }
    }

    @Test
    void aRouteTellsWhatItsOrganizationSays() {
        upstream.does((request, response) -> response.header("Deprecation", "@1")
                .header("Sunset", "Thu, 01 Jan 1970 00:00:00 GMT")
                .header("Link", "</next>; rel=\"next\"")
                .sendString(Mono.just("still")));
        double before = counted("published-route");
        assertThat(put(
                                "old",
                                ",\"cache\":{\"keep\":\"PT60S\"},\"deprecation\":{\"date\":\"2026-01-01T00:00:00Z\","
                                        + "\"sunset\":\"2026-01-02T00:00:00Z\",\"successor\":\"https://new.example\"}")
                        .status())
                .isEqualTo(200);
        assertTold(gateway.getAs(owner, api + "/old"));
        People.awaitSoon(
                () -> gateway.getAs(owner, api + "/old").header("Cache-Status").contains("hit"));
        assertTold(gateway.getAs(owner, api + "/old"));
        Answer refused = gateway.get(api + "/old");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("Deprecation")).isEqualTo("@1767225600");
        assertThat(counted("published-route")).isGreaterThanOrEqualTo(before + 4);
    }

    private static void assertTold(Answer answer) {
        assertThat(answer.status()).as("it goes on after its sunset").isEqualTo(200);
        var headers = answer.response().headers();
        assertThat(headers.allValues("Deprecation")).containsExactly("@1767225600");
        assertThat(headers.allValues("Sunset")).containsExactly("Fri, 02 Jan 2026 00:00:00 GMT");
        assertThat(headers.allValues("Link"))
                .containsExactly("</next>; rel=\"next\"", "<https://new.example>; rel=\"successor-version\"");
    }

    @Test
    void aRouteIsGoneWhenItSaysSoAndBackWithAVersionThatDoesNot() {
        assertThat(put("end", "").status()).isEqualTo(200);
        String gone = ",\"deprecation\":{\"date\":\"2026-01-01T00:00:00Z\",\"sunset\":\"%s\",\"gone\":true,"
                + "\"link\":\"https://docs.example/gone\"}";
        assertThat(put("end", gone.formatted("2099-01-01T00:00:00Z")).status()).isEqualTo(200);
        assertThat(gateway.getAs(owner, api + "/end").status()).isEqualTo(200);
        assertThat(put("end", gone.formatted("2026-01-01T00:00:00Z"))
                        .json()
                        .at("/deprecation/gone")
                        .booleanValue())
                .isTrue();
        upstream.reset();
        Answer answer = gateway.getAs(owner, api + "/end");
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:gone");
        assertThat(answer.header("Link")).isEqualTo("<https://docs.example/gone>; rel=\"deprecation\"");
        assertThat(answer.header("Sunset")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
        assertThat(upstream.asked()).isEmpty();
        assertThat(gateway.postAs(owner, "/v1/routes/end/versions/1:activate", "")
                        .status())
                .isEqualTo(200);
        Answer back = gateway.getAs(owner, api + "/end");
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.header("Deprecation")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"date\":\"soon\"}",
                "{\"date\":\"1969-12-31T23:59:59Z\"}",
                "{\"date\":\"+10000-01-01T00:00:00Z\"}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"sunset\":\"2025-01-01T00:00:00Z\"}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"gone\":true}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"link\":\"/here\"}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"link\":\"https://a.example/>; rel=x\"}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"link\":\"javascript:alert(1)\"}",
                "{\"date\":\"2026-01-01T00:00:00Z\",\"more\":1}",
                "[]"
            })
    void refusesWhatCannotBeTold(String deprecation) {
        Answer answer = put("bad", ",\"deprecation\":" + deprecation);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("\"/deprecation");
    }

    private static double counted(String operation) {
        return gateway.context()
                .getBean(MeterRegistry.class)
                .get("sluice.deprecated.requests")
                .tag("operation", operation)
                .counter()
                .count();
    }

    private static Answer put(String name, String more) {
        String route = "{\"path\":\"/" + name + "\",\"upstream\":\"" + upstream.url() + "\"" + more + "}";
        return gateway.send(
                gateway.request("/v1/routes/" + name).PUT(BodyPublishers.ofString(route)),
                "Authorization",
                "Bearer " + owner,
                "Content-Type",
                "application/json");
    }
}
