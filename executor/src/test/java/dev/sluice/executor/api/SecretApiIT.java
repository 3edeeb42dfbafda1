package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Secrets as callers see them, which is without their values. */
final class SecretApiIT {

    private static final String PATH = "/v1/secrets/my-oauth2-secret";

    private static ExecutorDatabase database;
    private static RunningExecutor executor;

    private final Principal own = RunningExecutor.principal();
    private final Principal stranger = RunningExecutor.principal();

    @BeforeAll
    static void start() {
        TestRedis.flush();
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings());
    }

    @AfterAll
    static void stop() {
        executor.close();
        database.close();
    }

    @Test
    void areSetShownAndDeletedWithoutTheirValues() {
        Answer made = put(PATH, "{\"value\":{\"client\":\"s3cret-1\"}}");
        Answer changed = put(PATH, "{\"value\":\"s3cret-2\"}");
        Answer shown = executor.ask(own, "GET", PATH, null);
        Answer listed = executor.ask(own, "GET", "/v1/secrets", null);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.location()).isEqualTo(PATH);
        assertThat(made.json().propertyNames()).containsExactly("name", "createdAt", "updatedAt");
        assertThat(made.json().path("updatedAt")).isEqualTo(made.json().path("createdAt"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("createdAt")).isEqualTo(made.json().path("createdAt"));
        assertThat(changed.json().path("updatedAt")).isNotEqualTo(made.json().path("updatedAt"));
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body()).isEqualTo(changed.body());
        assertThat(listed.body()).isEqualTo("{\"items\":[%s],\"next\":null}", changed.body());
        assertThat(made.body() + changed.body() + shown.body() + listed.body()).doesNotContain("s3cret");

        assertThat(executor.ask(own, "DELETE", PATH, null).status()).isEqualTo(204);
        assertThat(executor.ask(own, "DELETE", PATH, null).status()).isEqualTo(404);
        assertThat(executor.ask(own, "GET", PATH, null).status()).isEqualTo(404);
        assertThat(put(PATH, "{\"value\":false}").status()).isEqualTo(201);
    }

    @Test
    void areNotThereForAnotherOrganization() {
        assertThat(put(PATH, "{\"value\":\"own\"}").status()).isEqualTo(201);

        assertThat(executor.ask(stranger, "GET", PATH, null).status()).isEqualTo(404);
        assertThat(executor.ask(stranger, "DELETE", PATH, null).status()).isEqualTo(404);
        assertThat(executor.ask(stranger, "GET", "/v1/secrets", null).body()).isEqualTo("{\"items\":[],\"next\":null}");
        assertThat(executor.ask(stranger, "PUT", PATH, "{\"value\":\"theirs\"}").status())
                .isEqualTo(201);
        assertThat(executor.ask(own, "GET", PATH, null).json().path("updatedAt"))
                .as("what it was")
                .isEqualTo(executor.ask(own, "GET", PATH, null).json().path("createdAt"));
    }

    @Test
    void areListedByNameAPageAtATime() {
        for (String name : List.of("b", "a", "B", "a-1", "a.0")) {
            assertThat(put("/v1/secrets/" + name, "{\"value\":0}").status()).isEqualTo(201);
        }
        List<String> names = new ArrayList<>();
        String query = "?limit=2";
        for (int page = 0; page < 3; page++) {
            JsonNode found =
                    executor.ask(own, "GET", "/v1/secrets" + query, null).json();
            names.addAll(found.path("items").findValuesAsString("name"));
            query = "?limit=2&cursor=" + found.path("next").asString("");
        }
        assertThat(names).containsExactly("B", "a", "a-1", "a.0", "b");
        assertThat(executor.ask(own, "GET", "/v1/secrets?cursor=AA", null).status())
                .isEqualTo(400);
        assertThat(executor.ask(own, "GET", "/v1/secrets?limit=0", null).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "s3cret",
                "\"s3cret\"",
                "[\"s3cret\"]",
                "{}",
                "{\"value\":null}",
                "{\"value\":\"s3cret\",\"more\":1}",
                "{\"value\":s3cret}",
                "{\"value\":\"s3cret\"} s3cret",
                "{\"value\":\"s3cret\",\"value\":\"s3cret\"}"
            })
    void refuseWhatIsNoValueAndQuoteNothingOfIt(String body) {
        Answer refused = put(PATH, body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers().get("content-type")).startsWith("application/problem+json");
        assertThat(refused.json().path("errors")).isNotEmpty();
        assertThat(refused.body()).doesNotContain("s3cret");
        assertThat(executor.ask(own, "GET", PATH, null).status()).isEqualTo(404);
    }

    @Test
    void tellAllThatIsWrongAtOnce() {
        Answer refused = put("/v1/secrets/-wrong", "{\"value\":null,\"more\":1}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors").findValuesAsString("pointer")).containsExactly("", "/value", "/more");
    }

    /** A character that is half of one is what every other part of Sluice makes of it, or refused; it is no defect. */
    @Test
    void takeOrRefuseHalfACharacter() {
        assertThat(put(PATH, "{\"value\":\"\\ud800\"}").status()).isIn(201, 400);
    }

    @Test
    void haveABound() {
        String most = "x".repeat(64 * 1024 - 2);
        assertThat(put(PATH, "{\"value\":\"" + most + "\"}").status()).isEqualTo(201);
        assertThat(put(PATH, "{\"value\":\"" + "\\u0078".repeat(most.length()) + "\"}")
                        .status())
                .isEqualTo(200);
        Answer refused = put(PATH, "{\"value\":\"" + most + "y\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).hasSizeLessThan(1_000).contains("/value");
        assertThat(put(PATH, " ".repeat(400_000) + "{\"value\":1}").status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", ".a", "a%2Fb", "a%20b", "%C3%A4", "a:b", "a%00", "a%0A"})
    void haveNoNameThatIsNone(String name) {
        String path = "/v1/secrets/" + name;
        assertThat(put(path, "{\"value\":1}").status()).isEqualTo(400);
        assertThat(executor.ask(own, "GET", path, null).status()).isEqualTo(404);
        assertThat(executor.ask(own, "DELETE", path, null).status()).isEqualTo(404);
        assertThat(put("/v1/secrets/" + "n".repeat(64), "{\"value\":1}").status())
                .isEqualTo(400);
        assertThat(put("/v1/secrets/" + "n".repeat(63), "{\"value\":1}").status())
                .isIn(200, 201);
    }

    @Test
    void haveNoOtherMethods() {
        assertThat(executor.ask(own, "POST", PATH, "{}").status()).isEqualTo(405);
        assertThat(executor.ask(own, "POST", "/v1/secrets", "{}").status()).isEqualTo(405);
        assertThat(executor.ask(own, "DELETE", "/v1/secrets", null).headers().get("allow"))
                .isEqualTo("GET");
    }

    private Answer put(String path, String body) {
        return executor.ask(own, "PUT", path, body, "Content-Type", "application/json");
    }
}
