package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What changes is told on the stream for others, by one of two gateways, also after Redis was away. */
@Timeout(120)
final class DomainEventsIT {

    @Test
    void tellOfEachChangeInOrder() {
        TestRedis.flush();
        PostgresSettings database = TestPostgres.freshDatabase();
        try (RunningGateway gateway = RunningGateway.start(database);
                RunningGateway neighbour = RunningGateway.start(database)) {
            String owner = gateway.newOrganization("telling");
            String organization = gateway.getAs(owner, "/v1/organizations")
                    .json()
                    .at("/items/0/id")
                    .stringValue();
            for (int i = 0; i < 20; i++) {
                RunningGateway either = i % 2 == 0 ? gateway : neighbour;
                assertThat(either.postAs(owner, "/v1/api-keys", "{\"name\":\"k%d\"}".formatted(i))
                                .status())
                        .isEqualTo(201);
            }
            assertThat(namesOfKeys(awaitLast(organization, "k19")))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj("k%d"::formatted).toList());
            TestRedis.server().crash();
            assertThat(gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"away\"}")
                            .status())
                    .isEqualTo(201);
            TestRedis.server().restart();

            List<JsonNode> events = awaitLast(organization, "away");
            assertThat(namesOfKeys(events)).endsWith("away");
            JsonNode last = events.getLast();
            assertThat(last.path("specversion").stringValue()).isEqualTo("1.0");
            assertThat(last.path("source").stringValue()).isEqualTo("urn:sluice:organization:%s", organization);
            assertThat(last.at("/data/actor").stringValue()).startsWith("api-key:");
            assertThat(last.toString()).doesNotContain("sk_");
            assertThat(events.stream().map(DomainEventsIT::number).toList()).isSorted();
        }
    }

    private static List<String> namesOfKeys(List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.path("type").stringValue().equals("dev.sluice.api-key.create"))
                .map(event -> event.at("/data/detail/name").stringValue())
                .toList();
    }

    private static long number(JsonNode event) {
        String id = event.path("id").stringValue();
        return Long.parseLong(id.substring(id.indexOf('/') + 1));
    }

    /** Those of an organization, each once however often it is told, as soon as a key of that name is among them. */
    private static List<JsonNode> awaitLast(String organization, String name) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (RedisClient client = RedisClient.create(TestRedis.url().toString())) {
            while (true) {
                try (StatefulRedisConnection<String, String> connection = client.connect()) {
                    Set<String> ids = new HashSet<>();
                    List<JsonNode> events = connection.sync().xrange("sluice:changes", Range.unbounded()).stream()
                            .filter(message ->
                                    organization.equals(message.getBody().get("organization")))
                            .map(message ->
                                    Objects.requireNonNull(message.getBody().get("event")))
                            .map(event -> Json.read(event.getBytes(StandardCharsets.UTF_8)))
                            .filter(event -> ids.add(event.path("id").stringValue()))
                            .toList();
                    if (events.stream()
                            .anyMatch(event ->
                                    event.at("/data/detail/name").asString("").equals(name))) {
                        return events;
                    }
                }
                assertThat(System.nanoTime()).as("nothing was told").isLessThan(deadline);
            }
        }
    }
}
