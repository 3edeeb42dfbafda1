package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Documents whose addresses a run computes: they are fetched when it gets there, and the same whatever happens afterwards. */
final class DeferralInterpreterTest {

    private static final String PETS = "https://docs.example/pets.json";
    private static final String SECRET = "very-secret-text";

    private static final String TASK = """
            do:
              - list:
                  call: openapi
                  with:
                    document: { endpoint: '${ .where }' }
                    operationId: list
                    parameters: { owner: '${ .owner }' }
            """;

    private static final String RETRIED = """
            do:
              - attempt:
                  try:
                    - list: { call: openapi, with: { document: { endpoint: '${ .where }' }, operationId: list } }
                  catch:
                    errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/communication } }
                    retry: { delay: { seconds: 1 }, limit: { attempt: { count: 3 } } }
            """;

    private static String description(String path) {
        return """
                {"openapi":"3.0.3","servers":[{"url":"/v1"}],"paths":{"%s":{"get":{"operationId":"list","parameters":
                  [{"name":"owner","in":"query","schema":{"type":"integer"}}]}}}}""".formatted(path);
    }

    private static Rehearsal rehearsal(String tasks, String input) {
        Rehearsal rehearsal = Rehearsal.of(tasks, input);
        rehearsal.documents.contents.put(PETS, description("/pets"));
        return rehearsal.upstream(call -> Mono.just(Json.object().put("uri", call.uri())));
    }

    private static Rehearsal pets(String tasks) {
        return rehearsal(tasks, "{\"where\":\"" + PETS + "\",\"owner\":7}");
    }

    @Test
    void callsWhatTheDocumentSays() {
        Rehearsal rehearsal = pets(TASK);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS);
        assertThat(rehearsal.heard).containsExactly("started list", "completed list");
    }

    @Test
    void theDocumentStaysTheSameAfterACrash() {
        Rehearsal whole = pets(TASK);
        assertThat(whole.finish()).contains("/pets");
        for (int appends = 0; appends < whole.appends(); appends++) {
            Rehearsal rehearsal = pets(TASK);
            rehearsal.crashAfter(appends).dies();
            int before = rehearsal.documents.fetched.size();
            if (appends > 0) {
                rehearsal.documents.contents.put(PETS, description("/others"));
            }
            rehearsal.recover();

            assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
            assertThat(rehearsal.documents.fetched).as("after %d", appends).hasSize(appends == 0 ? 2 : before);
            assertThat(rehearsal.calls.getLast().key())
                    .isEqualTo(whole.calls.getFirst().key());
        }
    }

    @Test
    void whatADocumentRefersToIsFetchedAndKeptToo() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.contents.put(
                PETS,
                "{\"openapi\":\"3.0.3\",\"paths\":{\"/pets\":{\"$ref\":\"paths.json#/pets\"}},\"servers\":[{\"url\":\"/v1\"}]}");
        rehearsal.documents.contents.put(
                "https://docs.example/paths.json",
                "{\"pets\":{\"get\":{\"operationId\":\"list\"," + "\"parameters\":"
                        + "[{\"name\":\"owner\",\"in\":\"query\",\"schema\":{\"type\":\"integer\"}}]}}}");
        rehearsal.crashAfter(1).dies();
        rehearsal.documents.contents.clear();
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS, "https://docs.example/paths.json");
    }

    @Test
    void isFetchedAnewByEachAttempt() {
        Rehearsal rehearsal = pets(RETRIED);
        rehearsal.documents.failures = 2;

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).hasSize(3);
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.heard)
                .containsExactly(
                        "started attempt",
                        "started list",
                        "faulted list",
                        "started list",
                        "faulted list",
                        "started list",
                        "completed list",
                        "completed attempt");
    }

    @Test
    void whatCannotBeFetchedIsTheTasksErrorAlsoAfterACrash() {
        Rehearsal rehearsal = pets("""
                do:
                  - attempt:
                      try: [ list: { call: openapi, with: { document: { endpoint: '${ .where }' }, operationId: list } } ]
                      catch: { as: problem, do: [ then: { call: http, with: { method: post, endpoint: 'http://up/', body: '${ $problem }' } } ] }
                """);
        rehearsal.documents.contents.clear();
        rehearsal.crashAfter(1).dies();
        rehearsal.recover();
        assertThat(rehearsal.finish()).contains("http://up/");

        assertThat(String.valueOf(rehearsal.calls.getLast().body()))
                .isEqualTo(
                        "{\"type\":\"https://open-workflow-specification.org/spec/1.0.0/errors/communication\",\"status\":502,"
                                + "\"instance\":\"/do/0/attempt/try/0/list\",\"title\":\"Communication Error\","
                                + "\"detail\":\"The document at " + PETS + " cannot be fetched: status 404\"}");
        assertThat(rehearsal.documents.fetched).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{] | neither JSON nor YAML | 400",
                "{} | cannot be used | 400",
                "{\"openapi\":\"3.0.3\",\"servers\":[{\"url\":\"/v1\"}],\"paths\":{}} | there is no operation 'list' | 400"
            })
    void whatIsWrongWithADocumentIsAConfigurationError(String document, String detail, int status) {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.contents.put(PETS, document);

        DslError error = rehearsal.fails().error();

        assertThat(error.type()).endsWith("/configuration");
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.detail()).contains(detail).startsWith("/do/0/list/with/");
        assertThat(rehearsal.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "{}, /expression",
        "{\"where\":7}, /expression",
        "{\"where\":\"file:///etc/passwd\"}, /configuration",
        "{\"where\":\"nowhere\"}, /configuration",
        "{\"where\":\"https://a b/\"}, /configuration"
    })
    void whatIsNoAddressIsAnError(String input, String type) {
        Rehearsal rehearsal = rehearsal(TASK, input);

        assertThat(rehearsal.fails().error().type()).endsWith(type);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.heard).containsExactly("started list", "faulted list");
    }

    @Test
    void whoeverRetriesARunHasABetterDocumentFetched() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.contents.put(PETS, "{}");
        TaskFault fault = rehearsal.fails();
        rehearsal.documents.contents.put(PETS, description("/better"));
        rehearsal.retry(fault);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/better\"}");
    }

    @Test
    void whoeverRetriesACallHasTheSameDocument() {
        Rehearsal rehearsal = pets(TASK)
                .upstream(call -> call.number() == 0
                        ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/do/0/list", null)))
                        : Mono.just(Json.object().put("uri", call.uri())));
        TaskFault fault = rehearsal.fails();
        rehearsal.documents.contents.put(PETS, description("/others"));
        rehearsal.retry(fault);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).hasSize(1);
    }

    @Test
    void whoeverRunsATaskAgainHasItsDocumentsFetched() {
        Rehearsal rehearsal =
                pets(TASK + "  - after: { call: http, with: { method: get, endpoint: 'http://up/after' } }\n");
        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/after\"}");
        rehearsal.documents.contents.put(PETS, description("/others"));
        rehearsal.rerun("/do/0/list");

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/after\"}");
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .containsExactly(
                        "https://docs.example/v1/pets",
                        "http://up/after",
                        "https://docs.example/v1/others",
                        "http://up/after");
    }

    @Test
    void whoeverRunsATaskAgainHasItsSchemasFetched() {
        Rehearsal rehearsal = pets("""
                do:
                  - asked:
                      input: { schema: { resource: { endpoint: '${ .where }' } } }
                      call: openapi
                      with: { document: { endpoint: '${ .where }' }, operationId: list }
                """);
        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        rehearsal.rerun("/do/0/asked");

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).hasSize(4);
        assertThat(rehearsal.calls).hasSize(2);
    }

    @Test
    void itsTimeIsTheTasks() {
        Rehearsal rehearsal =
                pets(TASK.replace("call: openapi", "timeout: { after: { seconds: 3 } }\n      call: openapi"));
        rehearsal.documents.after(Duration.ofSeconds(5), rehearsal.time);

        assertThat(rehearsal.fails().error().type()).endsWith("/timeout");
        assertThat(rehearsal.documents.cancelled).hasValue(1);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.calls).isEmpty();
    }

    @Test
    void hasNoLongerThanACall() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.after(Duration.ofSeconds(31), rehearsal.time);

        assertThat(rehearsal.fails().error().type()).endsWith("/timeout");
        assertThat(rehearsal.documents.cancelled).hasValue(1);
    }

    @Test
    void cancellingEndsTheFetching() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.after(Duration.ofSeconds(5), rehearsal.time);
        var subscription = rehearsal.run().subscribe();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));
        subscription.dispose();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(rehearsal.documents.cancelled).hasValue(1);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.left()).containsExactly("/do/0/list");
    }

    @Test
    void whatMustNotBeRepeatedIsNot() {
        Rehearsal rehearsal = pets(TASK.stripTrailing() + "\n      metadata: { sluice: { onUnknown: fail } }\n");
        rehearsal.crashAfter(2).dies();
        rehearsal.recover();

        assertThat(rehearsal.fails().error().detail()).contains("whether it was made is not known");
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.documents.fetched).hasSize(1);
    }

    @Test
    void whatIsSecretGoesOutAndIsNotRecorded() {
        Rehearsal rehearsal = rehearsal("""
                use: { secrets: [ key ] }
                do:
                  - list:
                      call: openapi
                      with:
                        document:
                          endpoint:
                            uri: '${ "https://docs.example/pets.json?key=" + $secrets.key }'
                            authentication: { bearer: { token: '${ .user + $secrets.key }' } }
                        operationId: list
                """, "{\"user\":\"me-\"}");
        rehearsal.secrets.put("key", Json.string(SECRET));
        rehearsal.documents.contents.put(PETS + "?key=" + SECRET, description("/" + SECRET));
        rehearsal.crashAfter(1).dies();
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/***\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS + "?key=" + SECRET);
        assertThat(rehearsal.documents.credentials).containsExactly("{\"token\":\"me-" + SECRET + "\"}");
        assertThat(rehearsal.disk)
                .hasSize(2)
                .allSatisfy(entry -> assertThat(Json.text(entry.payload())).doesNotContain(SECRET));
    }

    @Test
    void whoAsksAtAFixedAddressMayBeComputedToo() {
        Rehearsal rehearsal = pets("""
                use: { authentications: { mine: { basic: { username: '${ .owner | tostring }', password: p } } } }
                do:
                  - list:
                      call: openapi
                      with:
                        document: { endpoint: { uri: 'https://docs.example/pets.json', authentication: { use: mine } } }
                        operationId: list
                """);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS);
        assertThat(rehearsal.documents.credentials).containsExactly("{\"username\":\"7\",\"password\":\"p\"}");
    }

    @Test
    void eachVisitHasItsOwn() {
        Rehearsal rehearsal = rehearsal("""
                do:
                  - each:
                      for: { in: '${ .all }' }
                      do: [ list: { call: openapi, with: { document: { endpoint: 'https://docs.example/{name}.json' }, operationId: list }, input: { from: '{ name: $item }' } } ]
                """, "{\"all\":[\"pets\",\"birds\"]}");
        rehearsal.documents.contents.put("https://docs.example/birds.json", description("/birds"));

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/birds\"}");
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .containsExactly("https://docs.example/v1/pets", "https://docs.example/v1/birds");
    }

    @Test
    void functionsBranchesAndExtensionsHaveThemToo() {
        Rehearsal rehearsal = pets("""
                use:
                  functions: { list: { call: openapi, with: { document: { endpoint: '${ .where }' }, operationId: list } } }
                  extensions:
                    - log: { extend: set, before: [ noted: { input: { from: '{}' }, call: openapi, with: { document: { endpoint: '${ $workflow.input.where }' }, operationId: list }, output: { as: '$input' } } ] }
                do:
                  - both:
                      fork: { branches: [ { a: { call: list } }, { b: { call: list, with: { where: '${ .where }' } } } ] }
                  - kept: { input: { from: '$workflow.input' }, set: { x: 1 } }
                """);

        assertThat(rehearsal.finish()).isEqualTo("{\"x\":1}");
        assertThat(rehearsal.calls).hasSize(3);
    }

    @Test
    void channelsAreSubscribedTo() {
        Rehearsal rehearsal = rehearsal("""
                do:
                  - hear:
                      call: asyncapi
                      with:
                        document: { endpoint: '${ .where }' }
                        operation: hear
                        protocol: ws
                        subscription:
                          consume: { amount: 2 }
                          foreach: { do: [ told: { call: http, with: { method: post, endpoint: 'http://up/', body: '${ $item }' } } ] }
                  - after: { call: http, with: { method: get, endpoint: 'http://up/after' } }
                """, "{\"where\":\"" + ScriptedChannel.DOCUMENT + "\"}");
        rehearsal.documents.contents.put(ScriptedChannel.DOCUMENT.toString(), ScriptedChannel.DESCRIPTION);
        Mono<?> result = rehearsal.crashAfter(5).run().onErrorComplete().cache();
        assertThat(result.subscribe()).isNotNull();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));
        rehearsal.channels.send("1");
        rehearsal.channels.send("2");
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));
        rehearsal.recover();
        rehearsal.documents.contents.clear();

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/after\"}");
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::uri))
                .containsExactly("http://up/", "http://up/", "http://up/after", "http://up/after");
        assertThat(rehearsal.disk.stream().map(Entry::path)).contains("0/r", "0/e0", "0/e1", "0");
    }

    @Test
    void schemasAreFetchedWhenTheTaskBegins() {
        String tasks = """
                do:
                  - checked:
                      if: '${ .owner > 0 }'
                      input: { schema: { resource: { endpoint: '${ .where }' } }, from: '{ owner }' }
                      do: [ told: { call: http, with: { method: post, endpoint: 'http://up/', body: '${ . }' } } ]
                """;
        for (String kind : List.of("integer", "string")) {
            Rehearsal rehearsal = pets(tasks);
            rehearsal.documents.contents.put(PETS, "{\"properties\":{\"owner\":{\"type\":\"" + kind + "\"}}}");
            if (kind.equals("integer")) {
                rehearsal.crashAfter(1).dies();
                rehearsal.recover();
                assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/\"}");
            } else {
                assertThat(rehearsal.fails().error().type()).endsWith("/validation");
                assertThat(rehearsal.calls).isEmpty();
            }
            assertThat(rehearsal.documents.fetched).hasSize(1);
        }
        Rehearsal passed = rehearsal(tasks, "{\"owner\":0}");
        assertThat(passed.finish()).isEqualTo("{\"owner\":0}");
        assertThat(passed.documents.fetched).isEmpty();
    }

    @Test
    void outputsAndExportsAreCheckedByThem() {
        Rehearsal rehearsal =
                pets("""
                do:
                  - asked:
                      call: openapi
                      with: { document: { endpoint: '${ .where }' }, operationId: list }
                      output: { schema: { resource: { endpoint: '${ .where | sub("pets"; "out") }' } } }
                      export: { schema: { resource: { endpoint: 'https://docs.example/export.json' } }, as: '{ uri }' }
                """.replace("https://docs.example/export.json", "https://docs.example/{owner}.json"));
        rehearsal.documents.contents.put("https://docs.example/out.json", "{\"required\":[\"uri\"]}");
        rehearsal.documents.contents.put("https://docs.example/7.json", "{\"required\":[\"other\"]}");

        DslError error = rehearsal.fails().error();

        assertThat(error.type()).endsWith("/validation");
        assertThat(error.detail()).contains("other");
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.documents.fetched)
                .containsExactlyInAnyOrder("https://docs.example/out.json", "https://docs.example/7.json", PETS);
    }

    @Test
    void whatIsAtAFixedAddressStaysWhatItWasWhenDeployed() {
        Rehearsal rehearsal = pets("""
                do:
                  - asked:
                      input: { schema: { resource: { endpoint: 'https://docs.example/channels.json' } } }
                      call: openapi
                      with: { document: { endpoint: '${ .where }' }, operationId: list }
                      output: { schema: { resource: { endpoint: '${ .where }' } } }
                """);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS, PETS);
    }

    @Test
    void aRunIsFoundWhereItIs() {
        Rehearsal rehearsal = pets(TASK + "  - rest: { wait: { hours: 1 } }\n");
        assertThat(rehearsal.run().onErrorComplete().cache().subscribe()).isNotNull();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(rehearsal.underWay()).containsExactly("/do/1/rest");
        assertThat(rehearsal.firstVisit("/do/1/rest")).hasValue("1");
        assertThat(rehearsal.documents.fetched).hasSize(1);
    }
}
