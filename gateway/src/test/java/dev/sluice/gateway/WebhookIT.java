package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks through the door, into the database and out again. */
final class WebhookIT {

    private static final String BODY = "{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"a/b\"}}";
    private static RunningGateway gateway;
    private static RunningGateway second;
    private static Hook github;
    private static Hook generic;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database);
        second = RunningGateway.start(database);
        github = gateway.newEndpoint("github", "github");
        generic = gateway.newEndpoint("generic", "generic-hmac");
    }

    @AfterAll
    static void stop() {
        second.close();
        gateway.close();
    }

    @Test
    void storesASignedDeliveryAsAnEvent() {
        Answer accepted = gateway.post(github.path(), BODY, github.github(newId(), BODY));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        assertThat(accepted.json().path("duplicate").booleanValue()).isFalse();
        Answer event = event(accepted);
        assertThat(event.json().path("type").stringValue()).isEqualTo("com.github.push");
        assertThat(event.json().path("source").stringValue()).isEqualTo("urn:sluice:endpoint:%s", github.id());
        assertThat(event.json().path("subject").stringValue()).isEqualTo("a/b");
        assertThat(event.json().path("data").path("ref").stringValue()).isEqualTo("refs/heads/main");
    }

    @Test
    void showsTheEventWithANoteWhileNoExecutorAnswers() {
        Answer event = event(gateway.post(github.path(), BODY, github.github(newId(), BODY)));
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.json().path("received").isNull()).isTrue();
        assertThat(event.json().path("note").stringValue()).contains("stored and safe");
    }

    @Test
    void refusesABadSignatureAndStoresNothing() {
        int before = events();
        String[] headers = github.github(newId(), BODY + " ");
        Answer refused = gateway.post(github.path(), BODY, headers);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:invalid-signature");
        assertThat(events()).isEqualTo(before);
        assertThat(metric("sluice_ingress_invalid_signatures_total")).isPositive();
    }

    @Test
    void refusesAMissingSignature() {
        Answer refused = gateway.post(generic.path(), "{}", "Content-Type", "application/json");
        assertThat(refused.status()).isEqualTo(401);
    }

    @Test
    void answersASecondCopyWithTheFirstEvent() {
        String[] headers = github.github(newId(), BODY);
        Answer first = gateway.post(github.path(), BODY, headers);
        Answer copy = gateway.post(github.path(), BODY, headers);
        assertThat(copy.status()).isEqualTo(202);
        assertThat(copy.json().path("duplicate").booleanValue()).isTrue();
        assertThat(copy.json().path("eventId")).isEqualTo(first.json().path("eventId"));
    }

    @Test
    void storesOneOfFiftyCopiesThatRaceOnTwoNodes() throws Exception {
        String[] headers = github.github(newId(), BODY);
        List<CompletableFuture<HttpResponse<byte[]>>> pending = new ArrayList<>();
        IntStream.range(0, 50).forEach(i -> pending.add(send(i % 2 == 0 ? gateway : second, github, headers)));
        List<Answer> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<byte[]>> one : pending) {
            answers.add(new Answer(one.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS)));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        assertThat(answers.stream()
                        .map(answer -> answer.json().path("eventId").stringValue())
                        .distinct())
                .hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> !answer.json().path("duplicate").booleanValue()))
                .hasSize(1);
    }

    @Test
    void answersASecondGenericDeliveryWithTheSameIdWithTheFirstEvent() {
        String[] headers = {
            "Content-Type", "application/json", "X-Signature-256", generic.sign("{}"), "Idempotency-Key", newId()
        };
        Answer first = gateway.post(generic.path(), "{}", headers);
        Answer copy = gateway.post(generic.path(), "{}", headers);
        assertThat(copy.status()).isEqualTo(202);
        assertThat(copy.json().path("duplicate").booleanValue()).isTrue();
        assertThat(copy.json().path("eventId")).isEqualTo(first.json().path("eventId"));
    }

    @Test
    void takesEveryGenericDeliveryWithoutAnIdAsNew() {
        String[] headers = {"Content-Type", "application/json", "X-Signature-256", generic.sign("{}")};
        Answer first = gateway.post(generic.path(), "{}", headers);
        Answer other = gateway.post(generic.path(), "{}", headers);
        assertThat(first.json().path("eventId")).isNotEqualTo(other.json().path("eventId"));
        assertThat(event(first).json().path("type").stringValue()).isEqualTo("dev.sluice.webhook.received");
    }

    @Test
    void keepsTheNulCharacterOfForeignJson() {
        String body = "{\"text\":\"a\\u0000b\"}";
        Answer accepted = gateway.post(
                generic.path(), body, "Content-Type", "application/json", "X-Signature-256", generic.sign(body));
        assertThat(event(accepted).json().path("data").path("text").stringValue())
                .isEqualTo("a\0b");
    }

    @Test
    void refusesABodyOverTheBoundWithAndWithoutContentLength() {
        int before = events();
        byte[] body = new byte[1024 * 1024 + 1];
        Answer announced = gateway.send(
                gateway.request(generic.path()).POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                "Content-Type",
                "application/json");
        Answer streamed = gateway.send(
                gateway.request(generic.path())
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))),
                "Content-Type",
                "application/json");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(streamed.status()).isEqualTo(413);
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void namesThePlaceOfMalformedJson() {
        Answer refused = signed("{\"a\":}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors").path(0).path("column").intValue())
                .isPositive();
    }

    @Test
    void refusesDeepNesting() {
        Answer refused = signed("[".repeat(10_000) + "]".repeat(10_000));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("nested deeper");
    }

    @Test
    void refusesFormsFromGithubWithAdvice() {
        Answer refused =
                gateway.post(github.path(), "payload=%7B%7D", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.text()).contains("GitHub's settings");
    }

    @Test
    void knowsNoOtherAddressAndNoOtherMethod() {
        assertThat(gateway.post("/hooks/unknown", "{}").status()).isEqualTo(404);
        assertThat(gateway.post("/hooks/", "{}").status()).isEqualTo(404);
        Answer wrong = gateway.get(github.path());
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.header("allow")).isEqualTo("POST");
    }

    private static Answer signed(String body) {
        return gateway.post(
                generic.path(), body, "Content-Type", "application/json", "X-Signature-256", generic.sign(body));
    }

    private static Answer event(Answer accepted) {
        return gateway.getAs(
                RunningGateway.PLATFORM_KEY,
                "/v1/events/" + accepted.json().path("eventId").stringValue());
    }

    private static int events() {
        return gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/events?limit=200")
                .json()
                .path("items")
                .size();
    }

    private static double metric(String name) {
        var address = java.net.URI.create("http://127.0.0.1:" + gateway.managementPort() + "/actuator/prometheus");
        return gateway.send(HttpRequest.newBuilder(address))
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static CompletableFuture<HttpResponse<byte[]>> send(RunningGateway node, Hook hook, String[] headers) {
        HttpRequest request = node.request(hook.path())
                .headers(headers)
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        return node.client().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
