package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Attempts to come in: whom they keep waiting, what is recorded of them, and what they tell. */
final class ProvingIT {

    private static final String DEVICE = "__Host-sluice-device";

    private static PostgresSettings database;
    private static RunningGateway gateway;
    private static People people;

    @BeforeAll
    static void start() {
        database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database);
        people = new People(gateway, gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void doesNotLetStrangersKeepSomebodyFromComingInWhereTheyHaveBeenBefore() {
        String owner = gateway.newOrganization("known");
        String session = people.member(owner, "known@example.com", "viewer");
        String device = device(people.logIn("known@example.com", People.PASSWORD));
        String others = device(people.logIn(other(owner), People.PASSWORD));
        guess("known@example.com", "");
        assertThat(people.logIn("known@example.com", People.PASSWORD).status()).isEqualTo(401);
        assertThat(logIn("known@example.com", People.PASSWORD, others).status())
                .as("from where somebody else has been")
                .isEqualTo(401);
        assertThat(logIn("known@example.com", People.PASSWORD, device.substring(0, device.length() - 3) + "AAA")
                        .status())
                .as("a cookie that nobody made")
                .isEqualTo(401);
        assertThat(logIn("known@example.com", People.PASSWORD, device).status()).isEqualTo(201);

        guess("known@example.com", "");
        assertThat(people.put(
                                session,
                                "/v1/account/password",
                                "{\"password\":\"" + People.PASSWORD + "\",\"newPassword\":\"another horse battery\"}")
                        .status())
                .as("with a session")
                .isEqualTo(204);
        // Whoever has the cookie and guesses waits too.
        guess("known@example.com", device);
        assertThat(logIn("known@example.com", "another horse battery", device).status())
                .isEqualTo(401);
    }

    @Test
    void recordsWhoHadThePasswordWhoWaitedAndWhoUsedARecoveryCode() {
        String owner = gateway.newOrganization("recording");
        String session = people.member(owner, "recorded@example.com", "viewer");
        String begun = gateway.postAs(
                        session, "/v1/account/second-factor", "{\"password\":\"" + People.PASSWORD + "\"}")
                .json()
                .path("secret")
                .stringValue();
        byte[] secret = Base32.decode(begun);
        String recovery = gateway.postAs(
                        session,
                        "/v1/account/second-factor:confirm",
                        "{\"password\":\"" + People.PASSWORD + "\",\"newCode\":\"" + people.code(secret, 0) + "\"}")
                .json()
                .at("/recoveryCodes/0")
                .stringValue();
        assertThat(people.logIn("recorded@example.com", People.PASSWORD).status())
                .isEqualTo(401);
        assertThat(people.logIn("recorded@example.com", "recoveryCode", recovery)
                        .status())
                .isEqualTo(201);
        guess("recorded@example.com", "");
        for (int i = 0; i < 3; i++) {
            assertThat(people.logIn("recorded@example.com", "still guessing").status())
                    .isEqualTo(401);
        }
        List<String> actions = people.actions(owner);
        assertThat(actions)
                .containsOnlyOnce("person.prove.without-code", "person.recovery-code.use", "person.prove.locked");
        JsonNode entry = gateway.getAs(owner, "/v1/audit?action=person.prove.without-code")
                .json()
                .at("/items/0");
        assertThat(entry.path("outcome").stringValue()).isEqualTo("denied");
        assertThat(entry.path("subject").stringValue()).isEqualTo("person:%s", people.person(session));
    }

    @Test
    void commitsAsOftenWhetherOrNotAnybodyHasTheAddress() throws SQLException {
        String owner = gateway.newOrganization("committing");
        assertThat(people.member(owner, "commit@example.com", "viewer")).isNotEmpty();
        long stranger = writes("commit-nobody@example.com");
        long somebody = writes("commit@example.com");
        guess("commit@example.com", "");
        long locked = writes("commit@example.com");
        assertThat(somebody).isEqualTo(stranger).isPositive();
        assertThat(locked).isEqualTo(stranger);
    }

    /** Transactions that write, of one failed login: the least of a few, since the gateway writes down by itself what was used. */
    private static long writes(String email) throws SQLException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = transaction();
            assertThat(people.logIn(email, "a wrong password").status()).isEqualTo(401);
            least = Math.min(least, transaction() - before);
        }
        return least;
    }

    private static long transaction() throws SQLException {
        DatabaseRole role = DatabaseRole.MIGRATE;
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + database.url(), role.login(), database.password(role));
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    private static String other(String owner) {
        assertThat(people.member(owner, "other-known@example.com", "viewer")).isNotEmpty();
        return "other-known@example.com";
    }

    private static void guess(String email, String device) {
        for (int i = 0; i < 5; i++) {
            assertThat(logIn(email, "wrong guess " + i, device).status()).isEqualTo(401);
        }
    }

    private static Answer logIn(String email, String password, String device) {
        String body = "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}";
        return device.isEmpty()
                ? people.logIn(email, password)
                : gateway.post(
                        "/v1/sessions", body, "Content-Type", "application/json", "Cookie", DEVICE + "=" + device);
    }

    private static String device(Answer answer) {
        return answer.response().headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(DEVICE + "="))
                .map(cookie -> cookie.replaceAll("^[^=]*=|;.*", ""))
                .findFirst()
                .orElseThrow();
    }
}
