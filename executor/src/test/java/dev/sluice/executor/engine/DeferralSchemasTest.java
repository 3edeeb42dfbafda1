package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.DeferredPets.PETS;
import static dev.sluice.executor.engine.DeferredPets.pets;
import static dev.sluice.executor.engine.DeferredPets.rehearsal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Schemas whose addresses a run computes: they are fetched when something is to be checked. */
final class DeferralSchemasTest {

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

    /** The schemas of what is around it are noted beside the tasks in it, and stay as they were. */
    @Test
    void whoeverRunsATaskAgainInsideOneWithSchemasKeepsThose() {
        Rehearsal rehearsal = pets("""
                do:
                  - outer:
                      input: { schema: { resource: { endpoint: '${ .where }' } } }
                      do:
                        - first: { call: http, with: { method: get, endpoint: 'http://up/first' }, output: { as: '${ {} }' } }
                        - second: { call: http, with: { method: get, endpoint: 'http://up/second' } }
                """);
        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/second\"}");
        rehearsal.rerun("/do/0/outer/do/1/second");

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"http://up/second\"}");
        assertThat(rehearsal.calls).hasSize(3);
        assertThat(rehearsal.documents.fetched).hasSize(1);
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
}
