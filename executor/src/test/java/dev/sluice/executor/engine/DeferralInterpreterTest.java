package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.DeferredPets.PETS;
import static dev.sluice.executor.engine.DeferredPets.TASK;
import static dev.sluice.executor.engine.DeferredPets.description;
import static dev.sluice.executor.engine.DeferredPets.pets;
import static dev.sluice.executor.engine.DeferredPets.rehearsal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Documents whose addresses a run computes: they are fetched when it gets there. */
final class DeferralInterpreterTest {

    private static final String SECRET = "very-secret-text";

    @Test
    void callsWhatTheDocumentSays() {
        Rehearsal rehearsal = pets(TASK);

        assertThat(rehearsal.finish()).isEqualTo("{\"uri\":\"https://docs.example/v1/pets\"}");
        assertThat(rehearsal.documents.fetched).containsExactly(PETS);
        assertThat(rehearsal.heard).containsExactly("started list", "completed list");
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
    void aRunIsFoundWhereItIs() {
        Rehearsal rehearsal = pets(TASK + "  - rest: { wait: { hours: 1 } }\n");
        assertThat(rehearsal.run().onErrorComplete().cache().subscribe()).isNotNull();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(rehearsal.underWay()).containsExactly("/do/1/rest");
        assertThat(rehearsal.firstVisit("/do/1/rest")).hasValue("1");
        assertThat(rehearsal.documents.fetched).hasSize(1);
    }
}
