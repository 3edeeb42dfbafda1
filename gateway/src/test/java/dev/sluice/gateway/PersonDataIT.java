package dev.sluice.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people agree to, take along, and leave behind. */
final class PersonDataIT {

    private static final String PROOF = "{\"password\":\"" + People.PASSWORD + "\"}";

    private static People people;
    private static RunningGateway gateway;
    private static Sql sql;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        people = new People(RunningGateway.start(database), RunningGateway.start(database));
        gateway = people.gateway();
        sql = new Sql(database);
    }

    @AfterAll
    static void stop() {
        people.close();
    }

    @Test
    void remembersEveryConsentAndItsEnd() throws Exception {
        String key = gateway.newOrganization("consents");
        String ada = people.member(key, "ada@consents.example", "viewer");
        String bob = people.member(key, "bob@consents.example", "viewer");
        assertThat(give(ada, "newsletter", "1").status()).isEqualTo(201);
        assertThat(give(ada, "newsletter", "1").status()).as("it holds").isEqualTo(200);
        assertThat(give(ada, "newsletter", "2").status()).isEqualTo(201);
        assertThat(give(ada, "Not a purpose", "2").status()).isEqualTo(400);
        assertThat(people.delete(ada, "/v1/account/consents/newsletter").status())
                .isEqualTo(204);
        assertThat(people.delete(ada, "/v1/account/consents/newsletter").status())
                .isEqualTo(404);
        for (int round = 3; round <= 12; round++) {
            String version = "" + round;
            List<Integer> answers =
                    People.atOnce(6, i -> give(ada, "newsletter", version).status());
            assertThat(answers).containsOnlyOnce(201).allMatch(status -> status == 200 || status == 201);
        }

        List<JsonNode> history = consents(ada);
        assertThat(history)
                .extracting(each -> each.path("version").stringValue())
                .containsExactly("12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1");
        assertThat(history)
                .filteredOn(each -> each.path("withdrawnAt").isNull())
                .extracting(each -> each.path("version").stringValue())
                .containsExactly("12");
        assertThat(consents(bob)).isEmpty();
        assertThat(gateway.getAs(key, "/v1/account/consents").status())
                .as("a key is nobody")
                .isEqualTo(403);
        // What was said is on record: nobody says it once more, or otherwise.
        assertThatThrownBy(() ->
                        sql.run("update identity.consent set withdrawn_at = now() where withdrawn_at is not null"))
                .hasMessageContaining("was withdrawn");
    }

    @Test
    void givesPeopleTheirOwnAndOrganizationsWhatConcernsThem() {
        String key = gateway.newOrganization("one");
        String other = gateway.newOrganization("two");
        String ada = people.member(key, "ada@export.example", "owner");
        String joining = people.invite(other, "ada@export.example", "viewer");
        assertThat(gateway.postAs(ada, "/v1/account/invitations", "{\"token\":\"" + joining + "\"}")
                        .status())
                .isLessThan(300);
        assertThat(give(ada, "newsletter", "1").status()).isEqualTo(201);
        assertThat(gateway.postAs(ada, "/v1/endpoints", "{\"name\":\"of-ada\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(201);

        List<JsonNode> own = lines(gateway.getAs(ada, "/v1/account/export"));
        JsonNode kinds = own.getLast().path("kinds");
        assertThat(own.getLast().path("kind").stringValue()).isEqualTo("manifest");
        assertThat(kinds.path("account").asInt()).isEqualTo(1);
        assertThat(kinds.path("membership").asInt()).isEqualTo(2);
        assertThat(kinds.path("session").asInt()).isEqualTo(1);
        assertThat(kinds.path("consent").asInt()).isEqualTo(1);
        assertThat(own.toString())
                .contains("endpoint.create")
                .doesNotContain("argon2")
                .doesNotContain(ada);

        String id = people.person(ada);
        List<JsonNode> theirs = lines(gateway.getAs(key, "/v1/members/" + id + "/export"));
        assertThat(theirs.getFirst().path("email").stringValue()).isEqualTo("ada@export.example");
        assertThat(theirs.toString()).contains("endpoint.create").doesNotContain("newsletter");
        assertThat(lines(gateway.getAs(other, "/v1/members/" + id + "/export")).toString())
                .doesNotContain("endpoint.create");
        String stranger = gateway.newOrganization("three");
        assertThat(gateway.getAs(stranger, "/v1/members/" + id + "/export").status())
                .isEqualTo(404);
        assertThat(people.actions(key)).contains("member.export");
    }

    @Test
    void endsAPersonEverywhereButNotTheLastOwner() {
        String key = gateway.newOrganization("leaves");
        String ada = people.member(key, "ada@gone.example", "owner");
        String id = people.person(ada);
        assertThat(give(ada, "newsletter", "1").status()).isEqualTo(201);
        assertThat(people.invite(RunningGateway.PLATFORM_KEY, "ada@gone.example", "viewer"))
                .isNotEmpty();

        assertThat(delete(ada, "{\"password\":\"wrong wrong wrong\"}").status()).isEqualTo(401);
        assertThat(delete(ada, PROOF).status()).as("the last owner").isEqualTo(409);
        assertThat(people.member(key, "bob@gone.example", "owner")).isNotEmpty();
        assertThat(people.neighbour().getAs(ada, "/v1/session").status()).isEqualTo(200);
        assertThat(delete(ada, PROOF).status()).isEqualTo(204);

        People.awaitSoon(() -> people.neighbour().getAs(ada, "/v1/session").status() == 401);
        assertThat(people.logIn("ada@gone.example", People.PASSWORD).status()).isEqualTo(401);
        for (String table : List.of("person", "member", "session", "recovery_code", "reset", "consent")) {
            String column = table.equals("person") ? "id" : "person_id";
            assertThat(sql.count("identity." + table, column + " = '" + id + "'"))
                    .as(table)
                    .isZero();
        }
        assertThat(sql.count("identity.invitation", "email = 'ada@gone.example'"))
                .isZero();
        JsonNode certificate =
                gateway.getAs(key, "/v1/audit?action=person.erase").json().at("/items/0");
        assertThat(certificate.path("subject").stringValue()).endsWith(id);
        assertThat(gateway.getAs(key, "/v1/audit/verification")
                        .json()
                        .path("intact")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void leavesAnOwnerWhenBothGoAtOnce() throws Exception {
        String key = gateway.newOrganization("both");
        List<String> owners =
                List.of(people.member(key, "a@both.example", "owner"), people.member(key, "b@both.example", "owner"));
        List<Integer> answers =
                People.atOnce(2, i -> delete(owners.get(i), PROOF).status());
        assertThat(answers).contains(204).allMatch(status -> status == 204 || status == 409 || status == 503);
        assertThat(sql.count("identity.person", "email like '%@both.example'")).isEqualTo(1);
    }

    private static Answer give(String session, String purpose, String version) {
        return gateway.postAs(
                session,
                "/v1/account/consents",
                Json.object().put("purpose", purpose).put("version", version).toString());
    }

    private static Answer delete(String session, String proof) {
        return gateway.postAs(session, "/v1/account:delete", proof);
    }

    private static List<JsonNode> consents(String session) {
        return gateway.getAs(session, "/v1/account/consents")
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private static List<JsonNode> lines(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return answer.text()
                .lines()
                .map(line -> Json.read(line.getBytes(UTF_8)))
                .toList();
    }
}
