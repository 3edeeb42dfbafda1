package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** {@code $secrets}: in what goes out, and in nothing that stays. */
final class SecretsInterpreterTest {

    private static final String SECRET = "very-secret-text";

    @Test
    void goOutAndAreNotRecordedWhateverEchoesThem() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                input: { from: "{ k: $secrets.key.token, n: 1 }" }
                do:
                  - asked:
                      call: http
                      with: { method: post, endpoint: "http://up/", body: { sent: "${ $secrets.key.token }", given: "${ .k }" } }
                      export: { as: "{ all: ., had: $input }" }
                  - copied:
                      input: { from: "{ mine: $secrets.key.token }" }
                      set: { copy: "${ .mine }", before: "${ $context }" }
                  - kept: { set: { x: "${ . }" }, metadata: { sluice: { journal: true } } }
                  - emitted: { emit: { event: { with: { type: t, source: "https://s/", data: { k: "${ $workflow.input }" } } } } }
                """, "{}")
                .upstream(call -> Mono.just(
                        Json.object().put("echo", "got " + call.body()).put(SECRET, 1)));
        rehearsal.secrets.put("key", Json.object().put("token", SECRET));

        String output = rehearsal.finish();

        assertThat(String.valueOf(rehearsal.calls.getFirst().body()))
                .isEqualTo("{\"sent\":\"" + SECRET + "\",\"given\":\"" + SECRET + "\"}");
        assertThat(output).doesNotContain(SECRET);
        assertThat(rehearsal.disk)
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(Json.text(entry.payload())).doesNotContain(SECRET));
        assertThat(Json.text(rehearsal.disk.getFirst().payload())).contains("***");
    }

    @Test
    void areReadBackAsTheyWereRecorded() {
        Rehearsal rehearsal =
                Rehearsal.of("""
                use: { secrets: [ key ] }
                do:
                  - asked: { call: http, with: { method: get, endpoint: "http://up/" } }
                  - again: { call: http, with: { method: post, endpoint: "http://up/", body: "${ . }" } }
                """, "{}").upstream(call -> Mono.just(Json.object().put("echo", SECRET)));
        rehearsal.secrets.put("key", Json.string(SECRET));
        rehearsal.crashAfter(1).dies();
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"echo\":\"***\"}");
        assertThat(rehearsal.calls)
                .filteredOn(call -> call.body() != null)
                .hasSize(2)
                .allSatisfy(call -> assertThat(String.valueOf(call.body())).isEqualTo("{\"echo\":\"***\"}"));
    }

    @Test
    void areMissedOnlyByWhoeverAsks() {
        String document = """
                use: { secrets: [ key ] }
                do:
                  - t:
                      try: [ { a: { call: http, with: { method: get, endpoint: "http://up/", body: { k: "${ $secrets.key }" } } } } ]
                      catch: { errors: { with: { status: 403 } }, do: [ { c: { set: { caught: "${ $error.detail }" } } } ] }
                """;

        assertThat(Rehearsal.of(document, "{}").finish())
                .isEqualTo("{\"caught\":\"The organization has no secret 'key'.\"}");
        TaskFault fault = Rehearsal.of("""
                use: { secrets: [ key ] }
                do: [ { a: { input: { from: $secrets.key }, set: { x: 1 } } } ]
                """, "{}").fails();
        assertThat(fault.error().type()).isEqualTo(ErrorType.AUTHORIZATION.uri());
        assertThat(fault.error().status()).isEqualTo(403);
        assertThat(Rehearsal.of("use: { secrets: [ key ] }\ndo: [ { a: { set: { x: 1 } } } ]", "{}")
                        .finish())
                .isEqualTo("{\"x\":1}");
    }

    @Test
    void leaveTheRunsOwnWordsAlone() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                do:
                  - pause: { wait: PT10S }
                  - t:
                      try: [ { a: { call: http, with: { method: get, endpoint: "http://up/" } } } ]
                      catch:
                        errors: { with: { status: 503 } }
                        do: [ { c: { set: { status: "${ $error.status }", error: "${ $error.detail }" } } } ]
                """, "{}")
                .upstream(call -> Mono.error(new CallFailure(
                        ErrorType.COMMUNICATION.at("/x", 503, "T", "the status is an error until 2026"))));
        for (String word : List.of("error", "status", "until", "2026", "communication", "path")) {
            rehearsal.secrets.put(
                    "key",
                    Json.array()
                            .add("error")
                            .add("status")
                            .add("until")
                            .add("2026")
                            .add(word));
        }

        assertThat(rehearsal.finish()).isEqualTo("{\"status\":503,\"error\":\"the *** is an *** *** ***\"}");
    }

    @Test
    void areTakenOutInOtherFormsToo() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                do:
                  - asked: { call: http, with: { method: get, endpoint: "http://up/" } }
                """, "{}")
                .upstream(call -> Mono.just(Json.array()
                        .add("https://up/?k=a+b%2Fc%22d")
                        .add("{\"k\":\"a b/c\\\"d\"}")
                        .add(8_675_309)
                        .add("scope read")));
        rehearsal.secrets.put(
                "key",
                Json.object()
                        .put("token", "a b/c\"d")
                        .put("pin", 8_675_309)
                        .set("scopes", Json.array().add("read")));

        assertThat(rehearsal.finish())
                .isEqualTo("[\"https://up/?k=***\",\"{\\\"k\\\":\\\"***\\\"}\",\"***\",\"scope read\"]");
    }

    @Test
    void areNotInBase64WhateverIsAroundThem() {
        for (String around : List.of("", "a", "ab", "abc", "päß")) {
            String body =
                    Base64.getEncoder().encodeToString((around + SECRET + around).getBytes(StandardCharsets.UTF_8));
            Rehearsal rehearsal = Rehearsal.of("""
                    use: { secrets: [ key ] }
                    do: [ { asked: { call: http, with: { method: get, endpoint: "http://up/", output: raw } } } ]
                    """, "{}").upstream(call -> Mono.just(Json.string(body)));
            rehearsal.secrets.put("key", Json.string(SECRET));

            String output = rehearsal.finish();
            String before = output.substring(1, output.indexOf("***"));
            String decoded = new String(
                    Base64.getDecoder().decode(before.substring(0, before.length() / 4 * 4)), StandardCharsets.UTF_8);
            assertThat(around).startsWith(decoded);
            assertThat(body.length() - output.length()).isGreaterThanOrEqualTo(SECRET.length() - 3);
        }
    }

    @Test
    void areInNoErrorOfTheWorkflowItselfAndNotCutShortEither() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                input: { from: "error($secrets.key)" }
                do: [ { a: { set: { x: 1 } } } ]
                """, "{}");
        rehearsal.secrets.put("key", Json.string(SECRET));
        assertThat(rehearsal.fails().error().detail()).contains("***").doesNotContain(SECRET);

        rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                do: [ { a: { input: { from: "${ $secrets.key + 1 }" }, set: { x: 1 } } } ]
                """, "{}");
        rehearsal.secrets.put("key", Json.string(SECRET));
        assertThat(rehearsal.fails().error().detail()).contains("***").doesNotContain("very-secre");
    }

    @Test
    void doNotKeepARerunFromItsPlace() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                do:
                  - a: { call: http, with: { method: get, endpoint: "http://up/", body: "${ $secrets.key }" } }
                  - b: { set: { x: 1 } }
                """, "{}");
        rehearsal.secrets.put("key", Json.string(SECRET));
        assertThat(rehearsal.finish()).isEqualTo("{\"x\":1}");

        assertThat(rehearsal.firstVisit("/do/1/b")).contains("1");
    }

    @Test
    void areNotInErrors() {
        Rehearsal rehearsal = Rehearsal.of("""
                use: { secrets: [ key ] }
                do:
                  - a:
                      input: { from: $secrets.key }
                      raise: { error: { type: "https://x/y", status: 400, detail: "${ \\"no: \\" + . }" } }
                """, "{}");
        rehearsal.secrets.put("key", Json.string(SECRET));

        assertThat(rehearsal.fails().error().detail()).isEqualTo("no: ***");
    }
}
