package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What changes end while it is under way, and what they do not. */
final class RevocationIT {

    private static ScriptedExecutor executor;
    private static People people;
    private static Sql sql;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        PostgresSettings database = TestPostgres.freshDatabase();
        String peer = "sluice.executor.url=" + executor.url();
        people = new People(RunningGateway.start(database, peer), RunningGateway.start(database, peer));
        sql = new Sql(database);
    }

    @AfterAll
    static void stop() {
        people.close();
        executor.close();
    }

    @Test
    void endsStreamsOfThoseWhoAreOthersNowAndOfNobodyElse() throws Exception {
        RunningGateway gateway = people.gateway();
        String owner = gateway.newOrganization("revoking");
        String ada = people.member(owner, "ada@revoking.example", "viewer");
        String bob = people.member(owner, "bob@revoking.example", "viewer");
        var adas = follow(ada);
        var bobs = follow(bob);

        // As if it had been made before she came, and is heard only now; what is made after it is heard after it.
        changed(people.person(ada));
        assertThat(people.neighbour()
                        .send(gateway.request("/v1/session").DELETE(), "Authorization", "Bearer " + bob)
                        .status())
                .isEqualTo(204);
        assertThat(bobs.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(": open\n\n");
        executor.emit("more");
        assertThat(people.put(owner, "/v1/members/" + people.person(ada), "{\"role\":\"admin\"}")
                        .status())
                .isEqualTo(200);
        assertThat(adas.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(": open\n\ndata: more\n\n");
    }

    private static void changed(String person) {
        sql.run("insert into identity.change (id, organization_id, type, subject)"
                + " select gen_random_uuid(), organization_id, 'dev.sluice.member.changed', person_id"
                + " from identity.member where person_id = '" + person + "'");
    }

    /** What a stream had until its end. */
    private static CompletableFuture<String> follow(String session) throws Exception {
        InputStream body = people.gateway()
                .client()
                .sendAsync(
                        people.gateway()
                                .request("/v1/runs/x/events")
                                .header("Authorization", "Bearer " + session)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream())
                .get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .body();
        return CompletableFuture.supplyAsync(() -> read(body));
    }

    private static String read(InputStream body) {
        try (body) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
