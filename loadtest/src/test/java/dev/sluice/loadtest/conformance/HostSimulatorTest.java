package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.ConnectTo;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.outbound.TrustedCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As an executor comes to it. */
final class HostSimulatorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static HostSimulator hosts;
    private static OutboundClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        hosts = new HostSimulator(folder);
        client = new OutboundClient(
                OutboundSettings.DEFAULT,
                new OutboundAccess(
                        AddressPolicy.of(hosts.addresses()),
                        ConnectTo.of(hosts.connectTo()),
                        TrustedCertificates.in(hosts.certificate().toString())));
    }

    @AfterAll
    static void stop() {
        client.close();
        hosts.close();
    }

    @Test
    void describesTheOperationsOfThePetStore() {
        OutboundResponse document = get("https://petstore.swagger.io/v2/swagger.json", Map.of());
        assertThat(Json.read(document.body())
                        .at("/paths/~1pet~1{petId}/get/operationId")
                        .asString())
                .isEqualTo("getPetById");
        OutboundResponse found = get("https://petstore.swagger.io/v2/pet/findByStatus?status=available", Map.of());
        assertThat(Json.read(found.body()).at("/0/name").asString()).isEqualTo("Pet 1");
        assertThat(get("https://petstore.swagger.io/v2/pet/2", Map.of()).status())
                .isEqualTo(200);
        assertThat(get("https://petstore.swagger.io/v2/pet/11", Map.of()).status())
                .isEqualTo(404);
        assertThat(get("https://petstore.swagger.io/v2/pet/getPetByName/Milou", Map.of())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void asksWhoComesAndTakesTheRightPassword() {
        String address = "https://httpbin.org/basic-auth/ada/secret";
        OutboundResponse asked = get(address, Map.of());
        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.headers().get("www-authenticate")).containsExactly("Basic realm=\"Simulated\"");
        assertThat(get(address, Map.of("Authorization", "Basic YWRhOndyb25n")).status())
                .isEqualTo(401);
        assertThat(get(address, Map.of("Authorization", "Basic YWRhOnNlY3JldA=="))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void asksForADigestAndKnowsNoTokenButItsOwn() {
        OutboundResponse asked = get("https://httpbin.org/digest-auth/auth/ada/secret", Map.of());
        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.headers().get("www-authenticate"))
                .singleElement()
                .asString()
                .startsWith("Digest realm=\"Simulated\"");
        assertThat(get("https://things.example/who", Map.of("Authorization", "Bearer guess"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void describesItselfAndAnotherOperationWithEachVisit() {
        assertThat(get("https://things.example/openapi.json", Map.of()).status())
                .isEqualTo(200);
        assertThat(get("http://myorg.io/ordersservices.json", Map.of()).status())
                .isEqualTo(200);
        assertThat(get("https://things.example/changing/test", Map.of()).body())
                .isNotEqualTo(
                        get("https://things.example/changing/test", Map.of()).body());
    }

    private static OutboundResponse get(String uri, Map<String, String> headers) {
        OutboundRequest request = new OutboundRequest("GET", URI.create(uri), headers, null, PATIENCE, 1 << 16);
        return Objects.requireNonNull(client.exchange(request).block(PATIENCE));
    }
}
