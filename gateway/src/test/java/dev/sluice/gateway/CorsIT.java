package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PageElsewhere.Seen;
import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What pages of other origins may do, at two gateways. */
final class CorsIT {

    private static final String APP = "https://app.example";
    private static final String ALLOW = "sluice.routing.outbound-allow=127.0.0.1/32";
    private static final String RULES = """
            {"api":{"origins":["https://app.example"],"methods":["GET","POST"]},
             "routes":{"origins":["https://app.example","https://*.shop.example"],"methods":["GET","PUT"],
                       "headers":["authorization","X-Own"],"exposeHeaders":["X-Told"],"maxAge":"PT1M"}}""";

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private String owner;
    private String api;
    private PageElsewhere page;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(database, ALLOW);
        neighbour = RunningGateway.start(database, ALLOW);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbour.close();
        upstream.close();
        TestRedis.flush();
    }

    @BeforeEach
    void makeAnOrganization() {
        TestRedis.flush();
        upstream.reset();
        owner = gateway.newOrganization("paged");
        api = "/api/"
                + gateway.getAs(owner, "/v1/organizations")
                        .json()
                        .at("/items/0/id")
                        .stringValue();
        page = new PageElsewhere(gateway, APP);
    }

    @Test
    void nothingIsAllowedUntilItIs() {
        publish("data", "");
        assertThat(as(page, "GET", "/v1/routes", "")).isEmpty();
        assertThat(as(page, "GET", api + "/data", "")).isEmpty();
        assertThat(gateway.getAs(owner, "/v1/cors").text()).isEqualTo("{}");
        assertThat(gateway.getAs(owner, "/v1/routes").status()).isEqualTo(200);

        // What a program without a preflight would do all the same has no effect.
        Answer refused = page.request(
                "POST",
                "/v1/endpoints",
                "{\"name\":\"e\",\"source\":\"github\"}",
                Map.of("Authorization", "Bearer " + owner, "Content-Type", "application/json"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(gateway.getAs(owner, "/v1/endpoints").json().path("items")).isEmpty();
        assertThat(gateway.getAs(owner, "/v1/audit").text()).contains("\"POST /v1/endpoints\"", "denied");
    }

    @Test
    void thePageOfAnAllowedOriginUsesTheApi() {
        allow(RULES);
        Seen made = as(page, "POST", "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}")
                .orElseThrow();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("RateLimit")).isNotEmpty();
        assertThat(made.header("X-Request-Id")).isNotEmpty();
        Seen unknown = as(page, "GET", "/v1/routes/none", "").orElseThrow();
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).contains("urn:sluice:problem:not-found");
        Seen wrong = page.fetch("GET", "/v1/routes", "", "Authorization", "Bearer nonsense")
                .orElseThrow();
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("WWW-Authenticate")).isEqualTo("Bearer");

        assertThat(as(page, "DELETE", "/v1/cors", ""))
                .as("a method that is not allowed")
                .isEmpty();
        assertThat(as(new PageElsewhere(gateway, "https://evil.example"), "GET", "/v1/routes", ""))
                .isEmpty();
        assertThat(new PageElsewhere(neighbour, APP)
                        .fetch("GET", "/v1/routes", "", "Authorization", "Bearer " + gateway.newOrganization("other")))
                .as("of an organization that did not allow it")
                .isEmpty();
    }

    @Test
    void aPreflightTellsNothingOfAnybody() {
        List<String> before = preflight("https://evil.example", "/v1/runs", "POST");
        allow(RULES);
        assertThat(preflight(APP, "/v1/runs/1", "GET"))
                .isEqualTo(preflight("https://evil.example", "/v1/routes/none", "PUT"))
                .isEqualTo(preflight("null", "/v1/runs", "GET"));
        assertThat(before).isEqualTo(List.of("401"));
        assertThat(preflight(APP, "/v1/nothing", "GET")).isEqualTo(List.of("401"));
        assertThat(preflight(APP, "/v1/sessions", "POST"))
                .as("how people come in")
                .isEqualTo(List.of("401"));
        assertThat(preflight(APP, "/v1/account/password", "PUT")).isEqualTo(List.of("401"));
    }

    @Test
    void aCookieIsNothingThatAnotherOriginMayUse() {
        allow(RULES);
        String session =
                "__Host-sluice-session=" + new People(gateway, neighbour).member(owner, "ada@example.com", "viewer");
        for (String method : List.of("GET", "HEAD")) {
            Answer answer = page.request(method, "/v1/routes", "", Map.of("Cookie", session));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.response().headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
        }
        assertThat(gateway.get("/v1/routes", "Cookie", session).status()).isEqualTo(200);
        Answer own = gateway.get("/v1/routes", "Cookie", session, "Origin", "http://127.0.0.1:" + gateway.port());
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void pagesOfAllowedOriginsUseRoutes() {
        publish("data", "");
        allow(RULES);
        upstream.does((request, response) ->
                response.header("X-Told", "yes").header("X-Untold", "no").sendString(Mono.just("ok")));
        PageElsewhere shop = new PageElsewhere(gateway, "https://a.shop.example");
        for (PageElsewhere each : List.of(page, shop)) {
            Seen seen = each.fetch("PUT", api + "/data", "1", "Authorization", "Bearer " + owner, "X-Own", "1")
                    .orElseThrow();
            assertThat(seen.text()).isEqualTo("ok");
            assertThat(seen.header("X-Told")).isEqualTo("yes");
            assertThat(seen.header("X-Untold")).isEmpty();
            assertThat(seen.header("RateLimit")).isNotEmpty();
        }
        upstream.reset();
        assertThat(as(page, "DELETE", api + "/data", "")).isEmpty();
        assertThat(page.fetch("PUT", api + "/data", "1", "Authorization", "Bearer " + owner, "X-Other", "1"))
                .isEmpty();
        assertThat(as(new PageElsewhere(gateway, "https://shop.example"), "PUT", api + "/data", "1"))
                .isEmpty();
        assertThat(upstream.asked()).isEmpty();

        assertThat(page.fetch("PUT", api + "/data", "1").orElseThrow().status()).isEqualTo(401);
        assertThat(as(page, "GET", api + "/none", "").orElseThrow().status()).isEqualTo(404);
        publish("slow", ",\"open\":true,\"limits\":{\"client\":{\"perSecond\":1}}");
        Seen limited = IntStream.range(0, 20)
                .mapToObj(i -> page.fetch("GET", api + "/slow", "").orElseThrow())
                .filter(seen -> seen.status() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(limited.header("Retry-After")).isNotEmpty();
        Answer preflight = page.preflight("PUT", api + "/data", List.of("authorization"));
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Max-Age")).isEqualTo("60");
        assertThat(preflight.response().headers().allValues("Vary"))
                .contains("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void whatAnUpstreamSaysOfItIsReplaced() {
        publish("open", ",\"open\":true");
        upstream.does((request, response) -> response.header("Access-Control-Allow-Origin", "*")
                .header("Access-Control-Allow-Credentials", "true")
                .sendString(Mono.just(request.method().name())));
        PageElsewhere evil = new PageElsewhere(gateway, "https://evil.example");
        assertThat(evil.fetch("GET", api + "/open", "").orElseThrow().text())
                .as("without a rule the upstream speaks for itself")
                .isEqualTo("GET");

        allow(RULES);
        assertThat(evil.fetch("GET", api + "/open", "")).isEmpty();
        Answer answer = page.request("GET", api + "/open", "", Map.of());
        assertThat(answer.response().headers().allValues("Access-Control-Allow-Origin"))
                .containsExactly(APP);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
        Answer plain = gateway.get(api + "/open");
        assertThat(plain.header("Vary")).isEqualTo("Origin");
        assertThat(plain.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(gateway.send(gateway.request(api + "/open").method("OPTIONS", BodyPublishers.noBody()))
                        .text())
                .as("no preflight")
                .isEqualTo("OPTIONS");
    }

    @Test
    void whatIsKeptIsForPagesOfAnyOrigin() {
        publish("kept", ",\"open\":true,\"cache\":{\"keep\":\"PT60S\"}");
        allow(RULES);
        assertThat(page.fetch("GET", api + "/kept", "").orElseThrow().header("Cache-Status"))
                .isEqualTo("sluice; fwd=miss");
        // A Redis that is slow at the moment makes one more.
        AtomicInteger misses = new AtomicInteger(1);
        PageElsewhere shop = new PageElsewhere(gateway, "https://b.shop.example");
        for (PageElsewhere each : List.of(page, shop)) {
            People.awaitSoon(() ->
                    isKept(each.fetch("GET", api + "/kept", "").orElseThrow().header("Cache-Status"), misses));
        }
        Answer plain = awaitKept(() -> gateway.get(api + "/kept"), misses);
        assertThat(plain.response().headers().allValues("Vary")).containsExactly("Origin");
        assertThat(plain.header("Access-Control-Allow-Origin")).isEmpty();
        PageElsewhere evil = new PageElsewhere(gateway, "https://evil.example");
        Answer hidden = awaitKept(() -> evil.request("GET", api + "/kept", "", Map.of()), misses);
        assertThat(evil.seen(hidden)).isEmpty();
        assertThat(upstream.asked()).hasSize(misses.get());
    }

    private static Answer awaitKept(Supplier<Answer> ask, AtomicInteger misses) {
        Answer[] last = new Answer[1];
        People.awaitSoon(() -> {
            last[0] = ask.get();
            return isKept(last[0].header("Cache-Status"), misses);
        });
        return last[0];
    }

    /** Whether an answer is what is kept; if it is the upstream's, that is counted. */
    private static boolean isKept(String status, AtomicInteger misses) {
        if (status.equals("sluice; fwd=miss")) {
            misses.incrementAndGet();
        }
        return status.contains("hit");
    }

    @Test
    void isTakenBackOnAllGateways() {
        publish("open", ",\"open\":true");
        allow(RULES);
        PageElsewhere next = new PageElsewhere(neighbour, APP);
        People.awaitSoon(() -> next.fetch("GET", api + "/open", "").isPresent());
        assertThat(as(next, "GET", "/v1/routes", "")).isPresent();
        assertThat(gateway.send(gateway.request("/v1/cors").DELETE(), "Authorization", "Bearer " + owner)
                        .status())
                .isEqualTo(204);
        assertThat(page.fetch("GET", api + "/open", "")).isEmpty();
        People.awaitSoon(() -> next.fetch("GET", api + "/open", "").isEmpty()
                && as(next, "GET", "/v1/routes", "").isEmpty());
        assertThat(gateway.getAs(owner, "/v1/audit").text()).contains("cors.put", "cors.delete");
    }

    @Test
    void eventsReachThePageAsTheyCome() {
        publish("events", ",\"open\":true");
        allow(RULES);
        upstream.does((request, response) -> response.header("Content-Type", "text/event-stream")
                .sendString(Flux.just("data: 1\n\n", "data: 2\n\n")));
        Seen seen = page.fetch("GET", api + "/events", "", "Accept", "text/event-stream")
                .orElseThrow();
        assertThat(seen.text()).isEqualTo("data: 1\n\ndata: 2\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "https://APP.example",
                "https://app.example.",
                "https://app.example:443",
                "https://x.y.shop.example",
                "https://b\u00fccher.example"
            })
    void anOriginIsComparedAsItIsWritten(String origin) {
        publish("open", ",\"open\":true");
        allow(RULES);
        PageElsewhere nasty = new PageElsewhere(gateway, origin);
        assertThat(nasty.fetch("GET", api + "/open", "")).isEmpty();
        assertThat(as(nasty, "GET", "/v1/routes", "")).isEmpty();
    }

    @Test
    void anAddressAsksOnlySoOften() {
        allow(RULES);
        // Some at once: one after the other may be no faster than is allowed.
        List<Integer> statuses = Flux.range(0, 2000)
                .flatMap(
                        i -> Mono.fromCallable(() -> new PageElsewhere(gateway, "https://a" + i + ".example")
                                        .preflight("GET", api + "/any", List.of())
                                        .status())
                                .subscribeOn(Schedulers.boundedElastic()),
                        8)
                .distinct()
                .collectList()
                .blockOptional(Duration.ofSeconds(60))
                .orElseThrow();
        assertThat(statuses).containsExactlyInAnyOrder(403, 429);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"api\":{}}",
                "{\"api\":{\"origins\":[\"*\"]}}",
                "{\"api\":{\"origins\":[\"null\"]}}",
                "{\"api\":{\"origins\":[],\"headers\":[]}}",
                "{\"api\":{\"origins\":[],\"methods\":[\"PATCH\"]}}",
                "{\"routes\":{\"origins\":[],\"methods\":[\"TRACE\"]}}",
                "{\"routes\":{\"origins\":[],\"headers\":[\"*\"]}}",
                "{\"routes\":{\"origins\":[],\"exposeHeaders\":[\"a\\r\\nb\"]}}",
                "{\"routes\":{\"origins\":[],\"maxAge\":\"P2D\"}}",
                "{\"routes\":{\"origins\":[],\"credentials\":true}}"
            })
    void refusesRulesThatCannotBe(String rules) {
        Answer answer = put(rules);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors")).isNotEmpty();
        String many = IntStream.range(0, 201)
                .mapToObj(i -> "\"https://a" + i + ".example\"")
                .collect(java.util.stream.Collectors.joining(","));
        assertThat(put("{\"api\":{\"origins\":[" + many + "]}}").status()).isEqualTo(400);
    }

    /** Status and what is allowed. */
    private static List<String> preflight(String origin, String path, String method) {
        Answer answer = new PageElsewhere(gateway, origin).preflight(method, path, List.of("authorization"));
        return answer.status() == 204
                ? List.of(
                        "204",
                        answer.header("Access-Control-Allow-Origin"),
                        answer.header("Access-Control-Allow-Methods"),
                        answer.header("Access-Control-Allow-Headers"))
                : List.of(Integer.toString(answer.status()));
    }

    private Optional<Seen> as(PageElsewhere from, String method, String path, String body) {
        String[] key = {"Authorization", "Bearer " + owner};
        return body.isEmpty() || path.startsWith("/api")
                ? from.fetch(method, path, body, key)
                : from.fetch(method, path, body, key[0], key[1], "Content-Type", "application/json");
    }

    private void publish(String name, String more) {
        String route = "{\"path\":\"/" + name + "\",\"upstream\":\"" + upstream.url() + "\"" + more + "}";
        assertThat(sendPut("/v1/routes/" + name, route).status()).isEqualTo(200);
    }

    private void allow(String rules) {
        assertThat(put(rules).status()).isEqualTo(200);
    }

    private Answer put(String rules) {
        return sendPut("/v1/cors", rules);
    }

    private Answer sendPut(String path, String body) {
        return gateway.send(
                gateway.request(path).PUT(BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + owner,
                "Content-Type",
                "application/json");
    }
}
