package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Publishing routes, and who may go through them, at two gateways. */
final class PublishedRoutesIT {

    private static final String ALLOW = "sluice.routing.outbound-allow=127.0.0.1/32";

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static String owner;
    private static String api;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(database, ALLOW);
        neighbour = RunningGateway.start(database, ALLOW);
        owner = gateway.newOrganization("publishing");
        api = "/api/" + organization(owner);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbour.close();
        upstream.close();
    }

    @BeforeEach
    void reset() {
        upstream.reset();
    }

    @Test
    void leadsWhereItSays() {
        JsonNode made = put("orders", "{\"path\":\"/orders/**\",\"upstream\":\"" + upstream.url() + "/v2/\"}")
                .json();
        assertThat(made.path("version").intValue()).isEqualTo(1);
        assertThat(made.path("url").stringValue()).isEqualTo("http://127.0.0.1:8080%s/orders/**", api);
        Answer answer = call(owner, "/orders/17/items?a=b&c=%20d");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("ok");
        assertThat(upstream.last().target()).isEqualTo("/v2/17/items?a=b&c=%20d");
        assertThat(call(owner, "/orders").status()).isEqualTo(200);
        assertThat(upstream.last().target()).isEqualTo("/v2");

        publish("kept", "{\"path\":\"/kept/*\",\"keepPath\":true,\"upstream\":\"" + upstream.url() + "\"}");
        assertThat(call(owner, "/kept/x%2dy").status()).isEqualTo(200);
        assertThat(upstream.last().target()).isEqualTo("/kept/x%2dy");
        assertThat(call(owner, "/kept/x/y").status()).isEqualTo(404);
        assertThat(call(owner, "/nothing").status()).isEqualTo(404);
    }

    @Test
    void isForThoseWhoMayUseIt() {
        publish("guarded", "{\"path\":\"/guarded\",\"upstream\":\"" + upstream.url() + "\"}");
        assertThat(gateway.get(api + "/guarded").status()).isEqualTo(401);
        assertThat(call(gateway.newOrganization("stranger"), "/guarded").status())
                .isEqualTo(404);
        assertThat(call(key("[\"routes:read\"]"), "/guarded").status()).isEqualTo(403);
        assertThat(upstream.asked()).isEmpty();
        assertThat(call(key("[\"routes:call\"]"), "/guarded").status()).isEqualTo(200);
        assertThat(upstream.last().headers().contains("Authorization")).isFalse();
        assertThat(gateway.getAs(key("[\"routes:call\"]"), "/v1/routes").status())
                .isEqualTo(403);
        assertThat(gateway.getAs(owner, "/v1/audit")
                        .json()
                        .path("items")
                        .valueStream()
                        .filter(entry -> entry.path("outcome").stringValue().equals("denied"))
                        .map(entry -> entry.path("action").stringValue()))
                .contains("route:guarded");
    }

    @Test
    void anOpenOneTakesNoCredentialsOfOurs() {
        publish("open", "{\"path\":\"/open\",\"open\":true,\"upstream\":\"" + upstream.url() + "\"}");
        assertThat(gateway.get(api + "/open", "Authorization", "Basic dTpw", "Cookie", "__Host-sluice-session=x")
                        .status())
                .isEqualTo(200);
        assertThat(upstream.last().headers().get("Authorization")).isEqualTo("Basic dTpw");
        assertThat(upstream.last().headers().contains("Cookie")).isFalse();
    }

    @Test
    void letsOnlyItsMethodsThrough() {
        publish("read", "{\"path\":\"/read\",\"methods\":[\"GET\",\"HEAD\"],\"upstream\":\"" + upstream.url() + "\"}");
        assertThat(call(owner, "/read").status()).isEqualTo(200);
        Answer refused = gateway.postAs(owner, api + "/read", "{}");
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).isEqualTo("GET,HEAD");
        publish("all", "{\"path\":\"/all\",\"upstream\":\"" + upstream.url() + "\"}");
        upstream.reset();
        Answer traced = gateway.send(
                gateway.request(api + "/all").method("TRACE", BodyPublishers.noBody()),
                "Authorization",
                "Bearer " + owner);
        assertThat(traced.status()).isEqualTo(405);
        assertThat(upstream.asked()).isEmpty();
    }

    @Test
    void secretsAreSentAndNeverShown() {
        Answer made = put(
                "secret",
                "{\"path\":\"/secret\",\"upstream\":\"" + upstream.url()
                        + "\",\"secretHeaders\":{\"X-Token\":\"hunter2hunter2\"}}");
        assertThat(made.text()).doesNotContain("hunter2").contains("\"x-token\":\"***\"");
        assertThat(call(owner, "/secret").status()).isEqualTo(200);
        assertThat(upstream.last().headers().get("X-Token")).isEqualTo("hunter2hunter2");

        publish(
                "secret",
                "{\"path\":\"/secret\",\"upstream\":\"" + upstream.url()
                        + "/next\",\"secretHeaders\":{\"X-Token\":\"***\"}}");
        awaitTarget("/secret", "/next");
        assertThat(upstream.last().headers().get("X-Token")).isEqualTo("hunter2hunter2");
        Answer unknown = put(
                "secret",
                "{\"path\":\"/secret\",\"upstream\":\"" + upstream.url()
                        + "\",\"secretHeaders\":{\"X-Other\":\"***\"}}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(gateway.getAs(owner, "/v1/audit").text()).doesNotContain("hunter2");
    }

    @Test
    void goesBackToAVersionAndForgetsAll() {
        publish("turns", "{\"path\":\"/turns\",\"upstream\":\"" + upstream.url() + "/one\"}");
        awaitTarget("/turns", "/one");
        publish("turns", "{\"path\":\"/turns\",\"upstream\":\"" + upstream.url() + "/two\"}");
        awaitTarget("/turns", "/two");
        JsonNode versions =
                gateway.getAs(owner, "/v1/routes/turns/versions").json().path("items");
        assertThat(versions).hasSize(2);
        assertThat(versions.get(0).path("active").booleanValue()).isTrue();
        JsonNode again = gateway.postAs(owner, "/v1/routes/turns/versions/1:activate", "")
                .json();
        assertThat(again.path("version").intValue()).isEqualTo(1);
        assertThat(again.path("active").booleanValue()).isTrue();
        awaitTarget("/turns", "/one");
        assertThat(gateway.getAs(owner, "/v1/routes/turns/versions/2")
                        .json()
                        .path("active")
                        .booleanValue())
                .isFalse();
        assertThat(gateway.getAs(owner, "/v1/routes/turns/versions/3").status()).isEqualTo(404);
        assertThat(delete("turns").status()).isEqualTo(204);
        assertThat(delete("turns").status()).isEqualTo(404);
        People.awaitSoon(() -> call(owner, "/turns").status() == 404);
        People.awaitSoon(() -> neighbour.getAs(owner, api + "/turns").status() == 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|/path",
                "{'path':'/x/**/y','upstream':'http://a.example'}|/path",
                "{'path':'/x','upstream':'ftp://a.example'}|/upstream",
                "{'path':'/x','upstream':'http://u:p@a.example'}|/upstream",
                "{'path':'/x','upstream':'http://a.example?q'}|/upstream",
                "{'path':'/x','upstream':'http://2130706433/'}|/upstream",
                "{'path':'/x','upstream':'http://a.example','methods':['CONNECT']}|/methods/0",
                "{'path':'/x','upstream':'http://a.example','retries':9}|/retries",
                "{'path':'/x','upstream':'http://a.example','timeout':'PT1H'}|/timeout",
                "{'path':'/x','upstream':'http://a.example','limits':{'route':{'burst':1}}}|/limits/route/perSecond",
                "{'path':'/x','upstream':'http://a.example','limits':{'all':1}}|/limits/all",
                "{'path':'/x','upstream':'http://a.example','secretHeaders':{'Host':'b'}}|/secretHeaders/Host",
                "{'path':'/x','upstream':'http://a.example','request':{'setHeaders':{'A':'b\\r\\nc'}}}|/request/setHeaders/A",
                "{'path':'/x','upstream':'http://a.example','response':{'setHeaders':{'Set-Cookie':'b'}}}"
                        + "|/response/setHeaders/Set-Cookie",
                "{'path':'/x','upstream':'http://a.example','cache':{}}|/cache/keep",
                "{'path':'/x','upstream':'http://a.example','filter':'#{1}'}|/filter",
            })
    void saysWhatIsWrong(String route, String pointer) {
        Answer answer = put("wrong", route.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json()
                        .path("errors")
                        .valueStream()
                        .map(violation -> violation.path("pointer").stringValue()))
                .contains(pointer);
    }

    @Test
    void takesNoPathTwice() {
        publish("first", "{\"path\":\"/taken\",\"upstream\":\"" + upstream.url() + "\"}");
        assertThat(put("second", "{\"path\":\"/taken\",\"upstream\":\"" + upstream.url() + "\"}")
                        .status())
                .isEqualTo(409);
        assertThat(put("Not a name", "{\"path\":\"/y\",\"upstream\":\"" + upstream.url() + "\"}")
                        .status())
                .isEqualTo(400);
        String other = gateway.newOrganization("elsewhere");
        assertThat(gateway.getAs(other, "/v1/routes/first").status()).isEqualTo(404);
        assertThat(gateway.getAs(other, "/v1/routes").json().path("items")).isEmpty();
    }

    /** Two gateways, four who call all the time, and a route that changes all the time. */
    @Test
    void changesWithoutOneFailedRequest() throws Exception {
        publish("busy", "{\"path\":\"/busy\",\"upstream\":\"" + upstream.url() + "/0\"}");
        People.awaitSoon(() -> call(owner, "/busy").status() == 200);
        People.awaitSoon(() -> neighbour.getAs(owner, api + "/busy").status() == 200);
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Integer>> callers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> callUntil(over, i % 2 == 0 ? gateway : neighbour)))
                .toList();
        for (int i = 1; i <= 40; i++) {
            assertThat(put("busy", "{\"path\":\"/busy\",\"upstream\":\"" + upstream.url() + "/" + i + "\"}")
                            .status())
                    .isEqualTo(200);
        }
        awaitTarget("/busy", "/40");
        over.set(true);
        for (CompletableFuture<Integer> caller : callers) {
            assertThat(caller.get()).isPositive();
        }
    }

    private static int callUntil(AtomicBoolean over, RunningGateway through) {
        int count = 0;
        while (!over.get()) {
            assertThat(through.getAs(owner, api + "/busy").status()).isEqualTo(200);
            count++;
        }
        return count;
    }

    private static void awaitTarget(String path, String target) {
        for (RunningGateway each : List.of(neighbour, gateway)) {
            People.awaitSoon(() -> each.getAs(owner, api + path).status() == 200
                    && upstream.last().target().equals(target));
        }
    }

    private static String organization(String key) {
        return gateway.getAs(key, "/v1/organizations").json().at("/items/0/id").stringValue();
    }

    private static String key(String permissions) {
        return gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"k\",\"permissions\":" + permissions + "}")
                .json()
                .path("key")
                .stringValue();
    }

    private static Answer call(String key, String path) {
        return gateway.getAs(key, api + path);
    }

    private static void publish(String name, String route) {
        assertThat(put(name, route).status()).isEqualTo(200);
    }

    private static Answer put(String name, String route) {
        return gateway.send(
                gateway.request("/v1/routes/" + name.replace(" ", "%20")).PUT(BodyPublishers.ofString(route)),
                "Authorization",
                "Bearer " + owner,
                "Content-Type",
                "application/json");
    }

    private static Answer delete(String name) {
        return gateway.send(gateway.request("/v1/routes/" + name).DELETE(), "Authorization", "Bearer " + owner);
    }
}
