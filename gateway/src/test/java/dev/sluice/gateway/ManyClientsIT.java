package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestRedis;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ten thousand addresses, behind a proxy that is trusted to tell them. */
final class ManyClientsIT {

    private static final int CLIENTS = 10_000;
    private static final int AT_ONCE = 64;

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static String owner;

    @BeforeAll
    static void start() {
        TestRedis.flush();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(
                "sluice.routing.outbound-allow=127.0.0.1/32",
                "sluice.edge.trusted-proxies=127.0.0.0/8",
                "sluice.admission.max-callers=20000",
                "sluice.admission.entrance-rate=0.001",
                "sluice.admission.entrance-burst=1",
                "sluice.admission.organization.rate=100000",
                "sluice.admission.organization.burst=100000");
        owner = gateway.newOrganization("many");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        TestRedis.flush();
    }

    /** Each has its own limit, however many there are, and whoever has a key is not kept out by them. */
    @Test
    void eachHasALimitOfItsOwn() {
        String organization = gateway.getAs(owner, "/v1/organizations")
                .json()
                .at("/items/0/id")
                .stringValue();
        String route = "{\"path\":\"/open\",\"open\":true,\"upstream\":\"" + upstream.url()
                + "\",\"limits\":{\"client\":{\"perSecond\":1,\"burst\":1},\"concurrent\":1000}}";
        assertThat(gateway.send(
                                gateway.request("/v1/routes/open").PUT(BodyPublishers.ofString(route)),
                                "Authorization",
                                "Bearer " + owner,
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(200);

        assertThat(statuses("/api/" + organization + "/open", false)).containsOnly(200);
        assertThat(upstream.asked()).hasSize(CLIENTS);
        assertThat(gateway.getAs(owner, "/v1/endpoints").status()).isEqualTo(200);
    }

    /** One attempt to log in each; a second one has to wait. */
    @Test
    void eachMayComeInOnce() {
        assertThat(statuses("/v1/sessions", true)).containsOnly(400);
        assertThat(gateway.post(
                                "/v1/sessions",
                                "{}",
                                "X-Forwarded-For",
                                address(17),
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(429);
        assertThat(gateway.getAs(owner, "/v1/endpoints").status()).isEqualTo(200);
    }

    private static List<Integer> statuses(String path, boolean post) {
        return Flux.range(0, CLIENTS)
                .flatMap(client -> send(path, client, post), AT_ONCE)
                .map(HttpResponse::statusCode)
                .collectList()
                .blockOptional(RunningGateway.DEADLINE.multipliedBy(5))
                .orElseThrow();
    }

    private static Mono<HttpResponse<Void>> send(String path, int client, boolean post) {
        var request = gateway.request(path).header("X-Forwarded-For", address(client));
        var sent = post
                ? request.header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"))
                : request.GET();
        return Mono.fromFuture(() -> gateway.client().sendAsync(sent.build(), BodyHandlers.discarding()));
    }

    private static String address(int client) {
        return IntStream.of(198, 18 + (client >> 16), client >> 8 & 0xFF, client & 0xFF)
                .mapToObj(Integer::toString)
                .reduce((left, right) -> left + "." + right)
                .orElseThrow();
    }
}
