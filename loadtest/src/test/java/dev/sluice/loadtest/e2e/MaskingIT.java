package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What somebody sees who may not see everything, on every way there is to an organization's data. */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class MaskingIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String SECRET = "ada@example.com";
    private static final String RULES = "{\"fields\":{\"person.email\":\"ending\",\"pin\":\"absent\"}}";
    private static final String PERSON = "{\"name\":\"Ada\",\"person\":{\"email\":\"" + SECRET + "\"},\"pin\":1234567}";

    private static DrillSystem system;
    private static Api api;
    private static String all;
    private static String some;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        system = LocalSystems.of(folder, 1, 1);
        system.startServers("");
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        api = new Api(system.gateway(0));
        all = key("\"role\":\"admin\"");
        some = key("\"permissions\":[\"runs:start\",\"runs:read\",\"runs:control\",\"events:read\",\"masking:read\"]");
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: told, version: '1.0.0' }
                do: [ { pass: { set: '${ . }' } } ]
                """);
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: later, version: '1.0.0' }
                do: [ { pause: { wait: { seconds: 15 } } }, { pass: { set: '${ . }' } } ]
                """);
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: refused, version: '1.0.0' }
                do:
                - fail:
                    raise:
                      error:
                        type: https://example.com/errors/no
                        status: 400
                        title: No
                """);
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: emitting, version: '1.0.0' }
                do:
                - tell:
                    emit:
                      event:
                        with: { source: https://example.com/e2e, type: com.example.told, data: '${ . }' }
                """);
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @BeforeEach
    void makeRules() throws Exception {
        assertThat(put(RULES).status()).isEqualTo(200);
        awaitSeen(false, false);
    }

    @Test
    void hidesInputsAndOutputsOfRuns() throws Exception {
        Api.Answer waited = start("told", some, "10");
        assertThat(waited.status()).isEqualTo(200);
        assertMasked(waited.body());
        assertThat(start("told", all, "10").body().at("/person/email").asString())
                .isEqualTo(SECRET);

        String run = id(start("told", some, "0"));
        JsonNode ended = api.await("/v1/runs/" + run, DEADLINE, body -> body.has("finishedAt"));
        assertThat(ended.at("/input/person/email").asString()).isEqualTo(SECRET);
        JsonNode shown = get(some, "/v1/runs/" + run);
        assertMasked(shown.path("input"));
        assertMasked(shown.path("output"));
        assertMasked(api.send(as(some, api.post("/v1/runs/" + run + ":rerun", "{}")))
                .body()
                .path("input"));
    }

    @Test
    void hidesWhatIsJournaledAndStreamed() throws Exception {
        String run = id(start("emitting", some, "0"));
        JsonNode ended = api.await("/v1/runs/" + run, DEADLINE, body -> body.has("finishedAt"));
        assertThat(ended.path("status").asString()).isEqualTo("completed");
        String journal = "/v1/runs/" + run + "/journal";
        assertHidden(text(all, journal), text(some, journal));
        assertHidden(followedToTheEnd(all, run), followedToTheEnd(some, run));
    }

    /** From one of two who ask for the same. */
    private static void assertHidden(String shown, String masked) {
        assertThat(shown).contains(SECRET).contains("1234567");
        assertThat(masked)
                .contains("***.com")
                .contains("Ada")
                .doesNotContain(SECRET)
                .doesNotContain("1234567");
    }

    @Test
    void hidesTheDataOfEvents() throws Exception {
        Hook hook = api.createHook("told");
        String received = api.deliver(hook, UUID.randomUUID(), PERSON)
                .body()
                .path("eventId")
                .asString();
        assertMasked(get(some, "/v1/events/" + received).path("data"));
        assertThat(get(all, "/v1/events/" + received).at("/data/person/email").asString())
                .isEqualTo(SECRET);

        String run = id(start("emitting", some, "0"));
        JsonNode ended = api.await("/v1/runs/" + run, DEADLINE, body -> body.has("finishedAt"));
        String emitted = ended.at("/output/id").asString();
        assertThat(emitted).as("the output is the event").isNotEmpty();
        JsonNode seen = get(some, "/v1/events/" + emitted);
        assertMasked(seen.path("data"));
        assertThat(text(some, "/v1/events/" + emitted + "/runs")).doesNotContain(SECRET);
        assertThat(get(all, "/v1/events/" + emitted).at("/data/person/email").asString())
                .isEqualTo(SECRET);
    }

    /** Why a filter does not take an event is said with what the event has. */
    @Test
    void hidesReasonsThatQuoteData() throws Exception {
        Hook hook = api.createHook("quoting");
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: quoting, version: '1.0.0' }
                schedule: { on: { one: { with: { source: '%s', data: '${ .person.email == "nobody" }' } } } }
                do: [ { pass: { set: { done: true } } } ]
                """.formatted(hook.eventSource()));
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: quoting-more, version: '1.0.0' }
                schedule: { on: { one: { with: { source: '%s', data: { person: { email: nobody } } } } } }
                do: [ { pass: { set: { done: true } } } ]
                """.formatted(hook.eventSource()));
        String event = api.deliver(hook, UUID.randomUUID(), PERSON)
                .body()
                .path("eventId")
                .asString();
        JsonNode told = api.await(
                "/v1/events/" + event, DEADLINE, body -> body.path("received").asBoolean());
        assertThat(told.path("workflows").toString()).contains(SECRET);
        for (String path : List.of("", "/runs")) {
            assertThat(text(some, "/v1/events/" + event + path))
                    .as(path)
                    .contains("quoting-more")
                    .doesNotContain(SECRET);
        }
    }

    /** A rule may name what a value is shown by. */
    @Test
    void goesByTheNamesThatAnswersHave() throws Exception {
        assertThat(put("{\"fields\":{\"output.pin\":\"absent\",\"input\":\"hidden\",\"data.pin\":\"absent\"}}")
                        .status())
                .isEqualTo(200);
        awaitSeen(true, false);
        String run = id(start("told", some, "10"));
        JsonNode shown = get(some, "/v1/runs/" + run);
        assertThat(shown.path("input").asString()).isEqualTo("***");
        assertThat(shown.path("output").has("pin")).isFalse();
        assertThat(shown.at("/output/person/email").asString()).isEqualTo(SECRET);
    }

    /** Also while somebody follows a run that was begun before. */
    @Test
    void hidesFromThoseWhoFollowWhenRulesAreMade() throws Exception {
        assertThat(put("{}").status()).isEqualTo(200);
        awaitSeen(true, true);
        String run = id(start("later", some, "0"));
        CompletableFuture<String> followed = CompletableFuture.supplyAsync(() -> followed(some, run));
        assertThat(put(RULES).status()).isEqualTo(200);
        assertThat(followed.get(30, TimeUnit.SECONDS))
                .as("what was begun when nothing was hidden has ended before there was anything")
                .doesNotContain(SECRET);
        assertThat(followedToTheEnd(some, run)).contains("***.com").doesNotContain(SECRET);
    }

    /** All events of a run. A change of the rules, even one from before that is heard of late, ends a stream earlier. */
    private static String followedToTheEnd(String key, String run) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        String seen = followed(key, run);
        while (!seen.contains("workflow.completed")) {
            assertThat(System.nanoTime()).as("the end is not in: %s", seen).isLessThan(end);
            assertThat(key.equals(some) && seen.contains(SECRET)).as("%s", seen).isFalse();
            seen = followed(key, run);
        }
        return seen;
    }

    private static String followed(String key, String run) {
        try {
            return text(key, "/v1/runs/" + run + "/events");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void hidesNothingOfAFaultThatNoRuleMeans() throws Exception {
        Api.Answer fault = start("refused", some, "10");
        assertThat(fault.status()).isEqualTo(422);
        assertThat(fault.body().at("/error/type").asString()).isEqualTo("https://example.com/errors/no");
        assertThat(put("{\"fields\":{\"type\":\"hidden\"}}").status()).isEqualTo(200);
        awaitSeen(true, true);
        assertThat(start("refused", some, "10").body().at("/error/type").asString())
                .isEqualTo("***");
        assertThat(start("refused", all, "10").body().at("/error/type").asString())
                .isEqualTo("https://example.com/errors/no");
    }

    @Test
    void saysWhatIsHiddenAndWhatIsNoRule() throws Exception {
        assertThat(get(some, "/v1/masking").toString()).isEqualTo(RULES);
        assertThat(api.send(as(some, api.request("/v1/masking").PUT(HttpRequest.BodyPublishers.ofString("{}"))))
                        .status())
                .isEqualTo(403);
        Api.Answer wrong = put("{\"fields\":{\"a..b\":\"hidden\",\"c\":\"gone\"},\"more\":1}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/fields/a..b", "/fields/c", "/more");
        assertThat(get(some, "/v1/masking").toString()).isEqualTo(RULES);
    }

    /** Nodes remember rules for a second. */
    private static void awaitSeen(boolean email, boolean pin) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        JsonNode seen = start("told", some, "10").body();
        while (seen.has("pin") != pin || seen.at("/person/email").asString().equals(SECRET) != email) {
            assertThat(System.nanoTime()).isLessThan(end);
            seen = start("told", some, "10").body();
        }
    }

    private static void assertMasked(JsonNode person) {
        assertThat(person.toString()).isEqualTo("{\"name\":\"Ada\",\"person\":{\"email\":\"***.com\"}}");
    }

    private static Api.Answer start(String workflow, String key, String wait) throws Exception {
        return api.send(as(
                key, api.post("/v1/workflows/e2e/" + workflow + "/runs", PERSON).header("Prefer", "wait=" + wait)));
    }

    private static String id(Api.Answer started) {
        return started.location().substring(started.location().lastIndexOf('/') + 1);
    }

    private static Api.Answer put(String rules) throws Exception {
        return api.send(as(all, api.request("/v1/masking").PUT(HttpRequest.BodyPublishers.ofString(rules))));
    }

    private static JsonNode get(String key, String target) throws Exception {
        Api.Answer answer = api.send(as(key, api.request(target)));
        assertThat(answer.status()).as(target).isEqualTo(200);
        return answer.body();
    }

    private static String text(String key, String target) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(as(key, api.request(target)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static String key(String grant) throws Exception {
        return api.send(api.post("/v1/api-keys", "{\"name\":\"masking\"," + grant + "}"))
                .body()
                .path("key")
                .asString();
    }

    private static HttpRequest.Builder as(String key, HttpRequest.Builder request) {
        return request.setHeader("Authorization", "Bearer " + key);
    }
}
