package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How long organizations have events and their audit log kept, what is held, and who may say so. */
final class RetentionByOrganizationIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String HELD = "{\"hold\":true,\"reason\":\"litigation\"}";

    private RunningGateway gateway;
    private Sql sql;
    private String brief;
    private String briefId;
    private String otherId;

    @BeforeEach
    void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database);
        sql = new Sql(database);
        brief = gateway.newOrganization("brief");
        briefId = id(brief);
        otherId = id(gateway.newOrganization("other"));
        sql.run("create schema if not exists workflow");
        received("now()");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void saysWhatHoldsAndWhatTheNextRoundDeletes() {
        JsonNode none = gateway.getAs(brief, "/v1/retention").json();
        assertThat(none.path("runs").isNull()).isTrue();
        assertThat(none.path("hold").booleanValue()).isFalse();
        assertThat(none.at("/installation/events").stringValue()).isEqualTo("P30D");

        JsonNode said = put("{\"runs\":\"P2D\",\"events\":\"PT168H\",\"audit\":\"P400D\"}")
                .json();
        assertThat(said.path("events").stringValue()).isEqualTo("P7D");
        assertThat(said.at("/deletesBefore/runs").stringValue()).endsWith("T00:00:00Z");
        assertThat(said.at("/deletesBefore/audit").stringValue()).endsWith("-01T00:00:00Z");
        assertThat(gateway.getAs(brief, "/v1/retention").json().path("events").stringValue())
                .isEqualTo("P7D");

        JsonNode held = put(HELD).json();
        assertThat(held.path("reason").stringValue()).isEqualTo("litigation");
        assertThat(held.at("/deletesBefore/runs").isNull()).isTrue();
        assertThat(put("{\"runs\":\"P2D\"}").status())
                .as("a hold that nobody said is over")
                .isEqualTo(409);
        JsonNode ended = put("{\"runs\":\"P2D\",\"hold\":false}").json();
        assertThat(ended.path("hold").booleanValue()).isFalse();
        JsonNode entry = gateway.getAs(brief, "/v1/audit?action=retention.put").json();
        assertThat(entry.at("/items/0/detail/before/reason").stringValue()).isEqualTo("litigation");
        assertThat(entry.at("/items/0/detail/after/hold").booleanValue()).isFalse();
        assertThat(entry.path("items")).hasSize(3);
    }

    /** The second of two first ones finds a hold that it does not know of. */
    @Test
    void endsNoHoldThatBeganAtTheSameMoment() {
        List<CompletableFuture<HttpResponse<String>>> answers =
                sql.holding("lock table audit.head in share mode", () -> {
                    var held = putLater(HELD);
                    sql.awaitWaiting(1);
                    var brief = putLater("{\"runs\":\"P2D\"}");
                    sql.awaitWaiting(2);
                    return List.of(held, brief);
                });
        assertThat(answers).extracting(answer -> answer.join().statusCode()).containsExactly(200, 409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"runs\":\"P1D\"}",
                "{\"runs\":\"PT49H\"}",
                "{\"runs\":\"P1M\"}",
                "{\"runs\":2}",
                "{\"runs\":\"P9999999999D\"}",
                "{\"runs\":\"-P2D\"}",
                "{\"events\":\"P6D\"}",
                "{\"events\":\"P31D\"}",
                "{\"audit\":\"P364D\"}",
                "{\"hold\":true}",
                "{\"hold\":\"yes\",\"reason\":\"r\"}",
                "{\"hold\":false,\"reason\":\"r\"}",
                "{\"reason\":\"r\"}",
                "{\"sessions\":\"P2D\"}"
            })
    void refusesWhatIsBeyondTheBounds(String policy) {
        Answer answer = put(policy);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors")).isNotEmpty();
    }

    @Test
    void isForOwnersToSay() {
        String key = gateway.postAs(brief, "/v1/api-keys", "{\"name\":\"k\",\"role\":\"admin\"}")
                .json()
                .path("key")
                .stringValue();
        assertThat(gateway.getAs(key, "/v1/retention").status()).isEqualTo(200);
        assertThat(put(key, "{}").status()).isEqualTo(403);
    }

    @Test
    void forgetsReceivedEventsOfThoseWhoKeepThemForLess() {
        event(briefId, "now() - interval '10 days'");
        event(briefId, "now() - interval '3 days'");
        event(otherId, "now() - interval '10 days'");
        assertThat(put("{\"events\":\"P7D\"}").status()).isEqualTo(200);
        received("now() - interval '20 days'");
        assertThat(sweep()).as("not received").isZero();
        receivedBefore("null::uuid");
        assertThat(sweep()).as("nobody knows what is received").isZero();
        received("now()");
        assertThat(sweep()).isEqualTo(1);
        assertThat(events(briefId)).isEqualTo(1);
        assertThat(events(otherId)).isEqualTo(1);
        assertThat(put(HELD).status()).isEqualTo(200);
        event(briefId, "now() - interval '10 days'");
        assertThat(sweep()).isZero();
    }

    @Test
    void whatIsHeldStaysAndHoldsUpNobodyElses() {
        sql.run(
                "do $$ begin execute format('create table ingress.event_2026_01 partition of ingress.event for values from"
                        + " (%L) to (%L)', ingress.first_id_of('2026-01-01Z'), ingress.first_id_of('2026-02-01Z')); end $$");
        event(briefId, "timestamptz '2026-01-05Z'");
        event(otherId, "timestamptz '2026-01-05Z'");
        // No partition takes these.
        event(briefId, "timestamptz '2025-01-05Z'");
        event(otherId, "timestamptz '2025-01-05Z'");
        assertThat(put(HELD).status()).isEqualTo(200);
        assertThat(drop()).isZero();
        assertThat(sweep()).isEqualTo(2);
        assertThat(sweep()).isZero();
        assertThat(events(briefId)).isEqualTo(2);
        assertThat(events(otherId)).isZero();

        assertThat(put("{\"hold\":false}").status()).isEqualTo(200);
        assertThat(drop()).isEqualTo(1);
        assertThat(sweep()).isEqualTo(1);
        assertThat(events(briefId)).isZero();
    }

    @Test
    void theChainStaysWholeWhenItsBeginningIsForgotten() {
        chain("interval '500 days'", 20, "interval '10 days'");
        assertThat(verified().path("entries").intValue()).isEqualTo(20);
        assertThat(sweep()).as("kept for ever").isZero();
        assertThat(put("{\"audit\":\"P400D\"}").status()).isEqualTo(200);
        assertThat(put("{\"audit\":\"P400D\",\"hold\":true,\"reason\":\"r\"}").status())
                .isEqualTo(200);
        assertThat(sweep()).as("held").isZero();
        assertThat(put("{\"audit\":\"P400D\",\"hold\":false}").status()).isEqualTo(200);

        long gone = sweep();

        // Those of 490, 480, … days ago that are of a month before that of 400 days ago.
        assertThat(gone).isBetween(6L, 10L);
        JsonNode found = verified();
        assertThat(found.path("intact").booleanValue()).isTrue();
        assertThat(found.path("forgotten").longValue()).isEqualTo(gone);
        JsonNode note =
                gateway.getAs(brief, "/v1/audit?action=audit.forget").json().at("/items/0");
        assertThat(note.path("actor").stringValue()).isEqualTo("sluice");
        assertThat(note.at("/detail/last").longValue()).isEqualTo(gone);
        assertThat(note.at("/detail/hash").stringValue()).hasSize(64);
        assertThat(sweep()).isZero();

        sql.run("delete from audit.entry where organization_id = '" + briefId + "' and number = " + (gone + 1));
        assertThat(verified().path("intact").booleanValue()).isFalse();
        assertThat(verified().path("brokenAt").longValue()).isEqualTo(gone + 2);
    }

    @Test
    void neverForgetsTheLastEntry() {
        chain("interval '500 days'", 5, "interval '1 day'");
        sql.run("insert into identity.retention (organization_id, audit_days, changed_by, changed_at) values ('"
                + briefId + "', 365, 'x', now())");
        assertThat(sweep()).isEqualTo(4);
        JsonNode found = verified();
        assertThat(found.path("intact").booleanValue()).isTrue();
        assertThat(found.path("entries").intValue()).isEqualTo(2);
    }

    /** A chain that the function would have made, so many days ago. */
    private void chain(String first, int entries, String between) {
        sql.run("""
                do $$
                declare
                    e audit.entry;
                    former bytea := sha256('');
                begin
                    delete from audit.outbox where organization_id = '%1$s';
                    delete from audit.entry where organization_id = '%1$s';
                    for i in 1..%3$s loop
                        e := row ('%1$s', i, now() - %2$s + i * %4$s, 'a', 'b', 'c', false, 'd', 'e', '{}', null)::audit.entry;
                        e.hash := audit.hash_of(former, e);
                        insert into audit.entry select (e).*;
                        former := e.hash;
                    end loop;
                    update audit.head set number = %3$s, hash = former where organization_id = '%1$s';
                end $$""".formatted(briefId, first, entries, between));
    }

    private JsonNode verified() {
        Answer answer = gateway.getAs(brief, "/v1/audit/verification");
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        return answer.json();
    }

    private long sweep() {
        Retention retention = gateway.context().getBean(Retention.class);
        return Objects.requireNonNull(retention.sweep().block(DEADLINE));
    }

    private long drop() {
        PartitionRetention retention = gateway.context().getBean(PartitionRetention.class);
        return Objects.requireNonNull(retention.sweep().block(DEADLINE));
    }

    private void received(String before) {
        receivedBefore("ingress.first_id_of(" + before + ")");
    }

    private void receivedBefore(String id) {
        sql.run("create or replace function workflow.received_before() returns uuid language sql as $$ select " + id
                + " $$");
    }

    private void event(String organization, String at) {
        sql.run("insert into ingress.event select (substr(ingress.first_id_of(" + at
                + ")::text, 1, 24) || substr(gen_random_uuid()::text, 25))::uuid, '" + organization
                + "', uuidv7(), 's', 't', null, now(), 'text/plain', ''");
    }

    private long events(String organization) {
        return sql.count("ingress.event", "organization_id = '" + organization + "'");
    }

    private String id(String key) {
        return gateway.getAs(key, "/v1/organizations").json().at("/items/0/id").stringValue();
    }

    private Answer put(String policy) {
        return put(brief, policy);
    }

    private Answer put(String key, String policy) {
        return gateway.send(request(key, policy));
    }

    private CompletableFuture<HttpResponse<String>> putLater(String policy) {
        return gateway.client().sendAsync(request(brief, policy).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String key, String policy) {
        return gateway.request("/v1/retention")
                .PUT(BodyPublishers.ofString(policy))
                .headers("Authorization", "Bearer " + key, "Content-Type", "application/json");
    }
}
