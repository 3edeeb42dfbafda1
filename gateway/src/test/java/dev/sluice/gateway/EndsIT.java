package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is for a time is gone after it: the round that a gateway makes each minute deletes it, and nothing else. */
final class EndsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String HASH = "sha256(gen_random_uuid()::text::bytea)";

    private RunningGateway gateway;
    private Sql sql;
    private String organization;
    private String ada;
    private String bob;

    @BeforeEach
    void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database);
        sql = new Sql(database);
        People people = new People(gateway, gateway);
        String owner = gateway.newOrganization("ends");
        ada = people.person(people.member(owner, "ada@example.com", "admin"));
        bob = people.person(people.member(owner, "bob@example.com", "admin"));
        organization = gateway.getAs(owner, "/v1/organizations")
                .json()
                .at("/items/0/id")
                .stringValue();
        sql.run("delete from identity.session; delete from identity.invitation; delete from identity.change;"
                + " delete from identity.usage_lease; delete from identity.usage");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** Age is that of the end of what has one, else of the beginning. */
    @ParameterizedTest
    @CsvSource({
        "identity.session,      1 minute",
        "identity.login_token,  1 minute",
        "identity.reset,        1 minute",
        "identity.invitation,   7 days 1 minute",
        "identity.change,       7 days 1 minute",
        "identity.usage_report, 25 hours 1 minute",
        "identity.usage_lease,  8 days",
        "identity.usage,        401 days",
    })
    void isGoneAfterIt(String table, String age) {
        insert(table, ada, age);
        insert(table, bob, table.startsWith("identity.usage") ? "1 minute" : "-1 minute");
        assertThat(sweep()).isEqualTo(1);
        assertThat(sql.count(table, "true")).isEqualTo(1);
        assertThat(sweep()).isZero();
    }

    /** One that somebody adds has its end here, or a reason why not. */
    @Test
    void everyTableWithAnEndIsThoughtOf() {
        List<String> ending = sql.column(
                "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " join pg_attribute a on a.attrelid = c.oid and a.attname = 'expires_at' and not a.attisdropped"
                        + " where c.relkind in ('r', 'p') and n.nspname <> 'workflow' order by 1");
        // Keys that are over stay, so that their owners see what there was.
        assertThat(ending)
                .containsExactly(
                        "identity.api_key",
                        "identity.invitation",
                        "identity.login_token",
                        "identity.reset",
                        "identity.session");
    }

    private long sweep() {
        return Objects.requireNonNull(
                gateway.context().getBean(Retention.class).sweep().block(DEADLINE));
    }

    private void insert(String table, String person, String age) {
        String then = "now() - interval '" + age + "'";
        String values = switch (table) {
            case "identity.session" ->
                "(id, person_id, organization_id, hash, agent, address, created_at, seen_at, expires_at) values"
                        + " (gen_random_uuid(), '%1$s', '%2$s', %3$s, 'a', 'b', now(), now(), %4$s)";
            case "identity.login_token" ->
                "(hash, person_id, generation, method, expires_at) values (%3$s, '%1$s', 0, 'link', %4$s)";
            case "identity.reset" ->
                "(person_id, hash, removes_second_factor, expires_at) values ('%1$s', %3$s, false, %4$s)";
            case "identity.invitation" ->
                "(id, organization_id, email, role, token_hash, invited_by, created_at, expires_at) values"
                        + " (gen_random_uuid(), '%2$s', 'c@example.com', 'viewer', %3$s, 'x', now(), %4$s)";
            case "identity.change" ->
                "(id, organization_id, type, subject, at) values (gen_random_uuid(), '%2$s', 't', 's', %4$s)";
            case "identity.usage_report" ->
                "(id, organization_id, key_hash, amount, at) values (gen_random_uuid(), '%2$s', %3$s, 1, %4$s)";
            case "identity.usage_lease" ->
                "(id, organization_id, day, kind, amount, spent) values"
                        + " (gen_random_uuid(), '%2$s', (%4$s)::date, 'events', 1, 1)";
            case "identity.usage" -> "(organization_id, day, kind, amount) values ('%2$s', (%4$s)::date, 'events', 1)";
            default -> throw new AssertionError(table);
        };
        sql.run("insert into " + table + " " + values.formatted(person, organization, HASH, then));
    }
}
