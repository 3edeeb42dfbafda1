package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an organization says is hidden. */
final class MaskingIT {

    private static final String RULES = "{\"fields\":{\"person.email\":\"ending\",\"pin\":\"absent\"}}";

    private static RunningGateway gateway;
    private static Sql sql;
    private String owner;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        sql = new Sql(database);
        gateway = RunningGateway.start(database);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void makeAnOrganization() {
        owner = gateway.newOrganization("masking");
    }

    @Test
    void isNothingUntilItIsSaid() {
        assertThat(gateway.getAs(owner, "/v1/masking").text()).isEqualTo("{\"fields\":{}}");
        assertThat(put(owner, RULES).text()).isEqualTo(RULES);
        assertThat(gateway.getAs(owner, "/v1/masking").text()).isEqualTo(RULES);
        assertThat(put(owner, "{}").text()).isEqualTo("{\"fields\":{}}");

        JsonNode entries = gateway.getAs(owner, "/v1/audit?action=masking.put").json();
        assertThat(entries.path("items")).hasSize(2);
        assertThat(entries.at("/items/0/detail/before").toString()).isEqualTo(RULES);
        assertThat(entries.at("/items/1/detail/after").toString()).isEqualTo(RULES);
    }

    /** Both wait for the end of the log, where they find each other. */
    @Test
    void notesWhatThereWasBeforeOfTwoFirstOnesAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers =
                sql.holding("lock table audit.head in share mode", () -> {
                    var both = List.of(
                            putLater("{\"fields\":{\"a\":\"hidden\"}}"), putLater("{\"fields\":{\"b\":\"hidden\"}}"));
                    sql.awaitWaiting(2);
                    return both;
                });
        assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
        JsonNode items =
                gateway.getAs(owner, "/v1/audit?action=masking.put").json().path("items");
        assertThat(items).hasSize(2);
        assertThat(items.at("/1/detail/before").toString()).isEqualTo("{\"fields\":{}}");
        assertThat(items.at("/0/detail/before")).isEqualTo(items.at("/1/detail/after"));
    }

    @Test
    void isEachOrganizationsOwn() {
        assertThat(put(owner, RULES).status()).isEqualTo(200);
        String other = gateway.newOrganization("other");
        assertThat(gateway.getAs(other, "/v1/masking").text()).isEqualTo("{\"fields\":{}}");
    }

    @Test
    void isForAdminsToSayAndForAllToRead() {
        assertThat(put(key("admin"), RULES).status()).isEqualTo(200);
        for (String role : new String[] {"member", "viewer"}) {
            String key = key(role);
            assertThat(gateway.getAs(key, "/v1/masking").text()).isEqualTo(RULES);
            assertThat(put(key, "{}").status()).as(role).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"fields\":[]}",
                "{\"fields\":{\"a\":1}}",
                "{\"fields\":{\"a\":\"gone\"}}",
                "{\"fields\":{\"\":\"hidden\"}}",
                "{\"fields\":{\"a..b\":\"hidden\"}}",
                "{\"field\":{}}"
            })
    void refusesWhatIsNoRule(String rules) {
        Answer answer = put(owner, rules);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(gateway.getAs(owner, "/v1/masking").text()).isEqualTo("{\"fields\":{}}");
    }

    @Test
    void takesFewThatMeanAnyField() {
        String ten = IntStream.range(0, 10)
                .mapToObj(i -> "\"a" + i + ".*\":\"hidden\"")
                .collect(Collectors.joining(","));
        assertThat(put(owner, "{\"fields\":{" + ten + "}}").status()).isEqualTo(200);
        assertThat(put(owner, "{\"fields\":{" + ten + ",\"*\":\"hidden\"}}").status())
                .isEqualTo(400);
    }

    private String key(String role) {
        return gateway.postAs(owner, "/v1/api-keys", "{\"name\":\"k\",\"role\":\"" + role + "\"}")
                .json()
                .path("key")
                .stringValue();
    }

    private static Answer put(String key, String rules) {
        return gateway.send(request(key, rules));
    }

    private CompletableFuture<HttpResponse<String>> putLater(String rules) {
        return gateway.client().sendAsync(request(owner, rules).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String key, String rules) {
        return gateway.request("/v1/masking")
                .PUT(BodyPublishers.ofString(rules))
                .headers("Authorization", "Bearer " + key, "Content-Type", "application/json");
    }
}
