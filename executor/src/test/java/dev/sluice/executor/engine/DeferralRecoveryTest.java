package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.DeferredPets.PETS;
import static dev.sluice.executor.engine.DeferredPets.TASK;
import static dev.sluice.executor.engine.DeferredPets.description;
import static dev.sluice.executor.engine.DeferredPets.pets;
import static dev.sluice.executor.engine.DeferredPets.rehearsal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Documents whose addresses a run computes, after crashes, in further attempts, and in runs that somebody has go on. */
final class DeferralRecoveryTest {

    private static final String RETRIED = """
            do:
              - attempt:
                  try:
                    - list: { call: openapi, with: { document: { endpoint: '${ .where }' }, operationId: list } }
                  catch:
                    errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/communication } }
                    retry: { delay: { seconds: 1 }, limit: { attempt: { count: 3 } } }
            """;

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
    void whatMustNotBeRepeatedIsNot() {
        Rehearsal rehearsal = pets(TASK.stripTrailing() + "\n      metadata: { sluice: { onUnknown: fail } }\n");
        rehearsal.crashAfter(2).dies();
        rehearsal.recover();

        assertThat(rehearsal.fails().error().detail()).contains("whether it was made is not known");
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.documents.fetched).hasSize(1);
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
}
