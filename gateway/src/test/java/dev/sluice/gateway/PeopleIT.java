package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How people are invited, log in, and are sent away; on two gateways beside each other. */
final class PeopleIT {

    private static final String PASSWORD = "correct horse battery";

    private static RunningGateway gateway;
    private static RunningGateway neighbour;

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        gateway = RunningGateway.start(database);
        neighbour = RunningGateway.start(database);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbour.close();
    }

    @Test
    void letsAnInvitedPersonInWhoMayDoWhatTheirRoleMay() {
        String owner = gateway.newOrganization("inviting");
        Answer joined = accept(invite(owner, "Ada@Example.com", "viewer"), "Ada");
        assertThat(joined.status()).isEqualTo(201);
        assertThat(joined.json().path("email").stringValue()).isEqualTo("ada@example.com");

        Answer loggedIn = logIn("ADA@example.com", PASSWORD);
        assertThat(loggedIn.status()).isEqualTo(201);
        assertThat(loggedIn.header("Set-Cookie"))
                .contains("HTTPOnly")
                .contains("Secure")
                .contains("SameSite=Strict");
        String session = loggedIn.json().path("session").stringValue();
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        assertThat(neighbour
                        .postAs(session, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(403);
        JsonNode current = gateway.getAs(session, "/v1/session").json();
        assertThat(current.path("person").path("name").stringValue()).isEqualTo("Ada");
        assertThat(current.path("organizations").get(0).path("name").stringValue())
                .isEqualTo("inviting");
        assertThat(gateway.getAs(owner, "/v1/session").status()).isEqualTo(403);
        assertThat(actions(owner)).contains("invitation.create", "invitation.accept", "session.begin");
    }

    @Test
    void takesAnInvitationOnceHoweverManyAcceptIt() throws Exception {
        String owner = gateway.newOrganization("once");
        String token = invite(owner, "once@example.com", "member");
        List<Integer> statuses = atOnce(8, i -> accept(token, "Somebody").status());
        assertThat(statuses).containsOnlyOnce(201);
        assertThat(statuses).allMatch(status -> status == 201 || status == 404 || status == 409);
        assertThat(accept(token, "Somebody").status()).isEqualTo(404);
        assertThat(gateway.getAs(owner, "/v1/members").json().path("items")).hasSize(1);
    }

    @Test
    void takesNoInvitationThatWasTakenBackOrIsOverOrForSomebodyElse() {
        String owner = gateway.newOrganization("taken back");
        JsonNode made = invitation(owner, "back@example.com", "member", "P1D").json();
        assertThat(delete(owner, "/v1/invitations/" + made.path("id").stringValue())
                        .status())
                .isEqualTo(204);
        assertThat(accept(made.path("token").stringValue(), "B").status()).isEqualTo(404);

        JsonNode brief =
                invitation(owner, "brief@example.com", "member", "PT1S").json();
        await(() -> gateway.getAs(owner, "/v1/invitations").json().path("items").isEmpty());
        assertThat(accept(brief.path("token").stringValue(), "B").status()).isEqualTo(404);

        String session = member(owner, "other@example.com", "member");
        String token = invite(owner, "not-other@example.com", "member");
        Answer refused = gateway.postAs(session, "/v1/account/invitations", "{\"token\":\"" + token + "\"}");
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void letsNobodyInviteToMoreThanTheyMay() {
        String owner = gateway.newOrganization("modest inviting");
        String admin = member(owner, "admin@example.com", "admin");
        assertThat(invitation(admin, "x@example.com", "owner", "P1D").status()).isEqualTo(403);
        assertThat(invitation(admin, "x@example.com", "admin", "P1D").status()).isEqualTo(201);
        String viewer = member(owner, "viewer@example.com", "viewer");
        assertThat(invitation(viewer, "x@example.com", "viewer", "P1D").status())
                .isEqualTo(403);
        assertThat(invitation(owner, "x@example.com", "no-such-role", "P1D").status())
                .isEqualTo(400);
        assertThat(invitation(owner, "not an address", "viewer", "P1D").status())
                .isEqualTo(400);
    }

    @Test
    void actsInOneOfSeveralOrganizations() {
        String first = gateway.newOrganization("first of two");
        String second = gateway.newOrganization("second of two");
        String session = member(first, "both@example.com", "viewer");
        String token = invite(second, "both@example.com", "admin");
        assertThat(accept(token, "Both", "not the password of both").status()).isEqualTo(401);
        assertThat(gateway.postAs(session, "/v1/account/invitations", "{\"token\":\"" + token + "\"}")
                        .status())
                .isEqualTo(201);

        JsonNode organizations = gateway.getAs(session, "/v1/session").json().path("organizations");
        assertThat(organizations).hasSize(2);
        String other = organizations.get(1).path("id").stringValue();
        assertThat(gateway.getAs(session, "/v1/api-keys").status()).isEqualTo(403);
        Answer changed = gateway.postAs(session, "/v1/session:change", "{\"organization\":\"" + other + "\"}");
        assertThat(changed.status()).isEqualTo(201);
        String there = changed.json().path("session").stringValue();
        assertThat(gateway.getAs(there, "/v1/api-keys").status()).isEqualTo(200);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/events").status() == 401);

        String third = gateway.newOrganization("third");
        assertThat(accept(invite(third, "both@example.com", "viewer"), "Both").status())
                .as("with the password of the account")
                .isEqualTo(201);
        assertThat(gateway.getAs(there, "/v1/session").json().path("organizations"))
                .hasSize(3);
        String foreign = gateway.newOrganization("third of two");
        String id = gateway.getAs(foreign, "/v1/organizations")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .stringValue();
        assertThat(gateway.postAs(there, "/v1/session:change", "{\"organization\":\"" + id + "\"}")
                        .status())
                .isEqualTo(403);
        assertThat(gateway.getAs(there, "/v1/session").status()).isEqualTo(200);
    }

    @Test
    void endsASessionOnAllGatewaysWithinASecond() {
        String session = member(gateway.newOrganization("leaving"), "leaving@example.com", "viewer");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        assertThat(delete(session, "/v1/session").status()).isEqualTo(204);
        awaitWithinASecond(() -> gateway.getAs(session, "/v1/events").status() == 401);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/events").status() == 401);
    }

    @Test
    void endsOneOfAPersonsOwnSessionsAndNobodyElses() {
        String owner = gateway.newOrganization("several");
        String here = member(owner, "several@example.com", "viewer");
        JsonNode elsewhere = logIn("several@example.com", PASSWORD).json();
        String id = elsewhere.path("id").stringValue();
        assertThat(gateway.getAs(here, "/v1/sessions").json().path("items")).hasSize(2);
        String stranger = member(owner, "stranger@example.com", "admin");
        assertThat(delete(stranger, "/v1/sessions/" + id).status()).isEqualTo(404);
        assertThat(delete(here, "/v1/sessions/" + id).status()).isEqualTo(204);
        String there = elsewhere.path("session").stringValue();
        awaitWithinASecond(() -> neighbour.getAs(there, "/v1/events").status() == 401);
        assertThat(gateway.getAs(here, "/v1/events").status()).isEqualTo(200);
    }

    @Test
    void givesAMemberAnotherRoleAndSendsThemAwayWithinASecond() {
        String owner = gateway.newOrganization("changing");
        String session = member(owner, "changing@example.com", "viewer");
        String path = "/v1/members/" + person(session);
        assertThat(neighbour.getAs(session, "/v1/api-keys").status()).isEqualTo(403);
        assertThat(put(owner, path, "{\"role\":\"admin\"}").status()).isEqualTo(200);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/api-keys").status() == 200);
        assertThat(delete(owner, path).status()).isEqualTo(204);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/api-keys").status() == 401);
        assertThat(logIn("changing@example.com", PASSWORD).status()).isEqualTo(403);
        assertThat(gateway.getAs(owner, path).status()).isEqualTo(404);
    }

    @Test
    void keepsTheLastOwnerWhoeverTakesThemAwayAtOnce() throws Exception {
        String owner = gateway.newOrganization("owned");
        List<String> paths = List.of(
                "/v1/members/" + person(member(owner, "one@owned.example", "owner")),
                "/v1/members/" + person(member(owner, "two@owned.example", "owner")));
        List<Integer> statuses = atOnce(2, i -> delete(owner, paths.get(i)).status());
        assertThat(statuses).containsExactlyInAnyOrder(204, 409);
        String left = statuses.get(0) == 409 ? paths.get(0) : paths.get(1);
        assertThat(put(owner, left, "{\"role\":\"admin\"}").status()).isEqualTo(409);
    }

    @Test
    void letsAnOrganizationMakeRolesOfItsOwn() {
        String owner = gateway.newOrganization("own roles");
        assertThat(put(owner, "/v1/roles/operator", "{\"permissions\":[\"runs:read\",\"runs:control\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(put(owner, "/v1/roles/admin", "{\"permissions\":[]}").status())
                .isEqualTo(400);
        assertThat(put(owner, "/v1/roles/Bad_Name", "{\"permissions\":[]}").status())
                .isEqualTo(400);
        assertThat(put(owner, "/v1/roles/x", "{\"permissions\":[\"moon:walk\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(put(owner, "/v1/roles/x", "{}").status()).isEqualTo(400);
        String session = member(owner, "operator@example.com", "operator");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(403);
        assertThat(put(owner, "/v1/roles/operator", "{\"permissions\":[\"events:read\"]}")
                        .status())
                .isEqualTo(200);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/events").status() == 200);
        assertThat(delete(owner, "/v1/roles/operator").status()).isEqualTo(409);
        assertThat(put(owner, "/v1/members/" + person(session), "{\"role\":\"viewer\"}")
                        .status())
                .isEqualTo(200);
        assertThat(delete(owner, "/v1/roles/operator").status()).isEqualTo(204);
        assertThat(delete(owner, "/v1/roles/operator").status()).isEqualTo(404);

        String admin = member(owner, "roles-admin@example.com", "admin");
        assertThat(put(admin, "/v1/roles/boss", "{\"permissions\":[\"organizations:manage\"]}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void refusesEasyPasswords() {
        String owner = gateway.newOrganization("easy");
        String token = invite(owner, "Margaret@example.com", "viewer");
        for (String easy :
                List.of("short", "aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "x-margaret-x-12", "ninechar9ninechar9")) {
            Answer refused = gateway.post(
                    "/v1/invitations:accept",
                    "{\"token\":\"" + token + "\",\"name\":\"M\",\"password\":\"" + easy + "\"}",
                    "Content-Type",
                    "application/json");
            assertThat(refused.status()).as(easy).isEqualTo(400);
            assertThat(refused.text()).contains("/password").doesNotContain(easy + "\"");
        }
        assertThat(accept(token, "Margaret").status()).isEqualTo(201);
    }

    @Test
    void changesAPasswordAndEndsTheOtherSessions() {
        String owner = gateway.newOrganization("securing");
        String here = member(owner, "securing@example.com", "viewer");
        String there =
                logIn("securing@example.com", PASSWORD).json().path("session").stringValue();
        assertThat(neighbour.getAs(there, "/v1/events").status()).isEqualTo(200);
        String other = "another horse battery";
        assertThat(put(here, "/v1/account/password", change("wrong password!", other))
                        .status())
                .isEqualTo(401);
        assertThat(put(here, "/v1/account/password", change(PASSWORD, other)).status())
                .isEqualTo(204);
        awaitWithinASecond(() -> neighbour.getAs(there, "/v1/events").status() == 401);
        assertThat(gateway.getAs(here, "/v1/events").status()).isEqualTo(200);
        assertThat(logIn("securing@example.com", PASSWORD).status()).isEqualTo(401);
        assertThat(logIn("securing@example.com", other).status()).isEqualTo(201);
        assertThat(actions(owner)).contains("person.password.change");
    }

    @Test
    void makesWhoeverFailsOftenWaitAndTellsThemNothing() throws Exception {
        String owner = gateway.newOrganization("locking");
        assertThat(member(owner, "locked@example.com", "viewer")).isNotEmpty();
        String unknown = logIn("nobody-at-all@example.com", PASSWORD).text();
        List<String> answers =
                atOnce(20, i -> logIn("locked@example.com", "wrong guess " + i).text());
        assertThat(answers).allSatisfy(answer -> assertThat(withoutId(answer)).isEqualTo(withoutId(unknown)));
        Answer right = logIn("locked@example.com", PASSWORD);
        assertThat(right.status()).isEqualTo(401);
        assertThat(withoutId(right.text())).isEqualTo(withoutId(unknown));
        long refusals = gateway.getAs(owner, "/v1/audit?action=person.prove")
                .json()
                .path("items")
                .valueStream()
                .filter(entry -> "denied".equals(entry.path("outcome").stringValue()))
                .count();
        assertThat(refusals).isEqualTo(5);
    }

    @Test
    void takesASecondFactorFromWhoeverHasOne() {
        String owner = gateway.newOrganization("two factors");
        String session = member(owner, "factor@example.com", "viewer");
        Answer begun = gateway.postAs(session, "/v1/account/second-factor", "{\"password\":\"" + PASSWORD + "\"}");
        assertThat(begun.status()).isEqualTo(201);
        String secret = begun.json().path("secret").stringValue();
        assertThat(begun.json().path("uri").stringValue())
                .startsWith("otpauth://totp/Sluice:factor%40example.com?secret=");
        assertThat(logIn("factor@example.com", PASSWORD).status()).isEqualTo(201);

        String confirm = "/v1/account/second-factor:confirm";
        assertThat(gateway.postAs(session, confirm, "{\"password\":\"" + PASSWORD + "\",\"newCode\":\"000000x\"}")
                        .status())
                .isEqualTo(400);
        Answer confirmed = gateway.postAs(
                session, confirm, "{\"password\":\"" + PASSWORD + "\",\"newCode\":\"" + code(secret, 0) + "\"}");
        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        JsonNode codes = confirmed.json().path("recoveryCodes");
        assertThat(codes).hasSize(10);

        Answer without = logIn("factor@example.com", PASSWORD);
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:second-factor-required");
        // The code that confirmed it was used up by that.
        assertThat(logIn("factor@example.com", "code", code(secret, 0)).status())
                .isEqualTo(401);
        assertThat(logIn("factor@example.com", "code", code(secret, 1)).status())
                .isEqualTo(201);

        String recovery = codes.get(3).stringValue();
        assertThat(logIn("factor@example.com", "recoveryCode", recovery.toUpperCase(java.util.Locale.ROOT))
                        .status())
                .isEqualTo(201);
        assertThat(logIn("factor@example.com", "recoveryCode", recovery).status())
                .isEqualTo(401);
        assertThat(gateway.postAs(
                                session,
                                "/v1/account/second-factor:remove",
                                "{\"password\":\"" + PASSWORD + "\",\"recoveryCode\":\""
                                        + codes.get(4).stringValue() + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(logIn("factor@example.com", PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void helpsWhoeverHasForgottenTheirPassword() {
        String owner = gateway.newOrganization("forgetting");
        String session = member(owner, "forgetful@example.com", "member");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        String path = "/v1/members/" + person(session) + ":reset";
        String superseded =
                gateway.postAs(owner, path, "{}").json().path("token").stringValue();
        String token = gateway.postAs(owner, path, "{}").json().path("token").stringValue();
        String other = "another horse battery";
        assertThat(reset(superseded, other).status()).isEqualTo(404);
        assertThat(reset(token, "forgetful@example").status()).isEqualTo(400);
        assertThat(reset(token, other).status()).isEqualTo(204);
        assertThat(reset(token, other).status()).isEqualTo(404);
        awaitWithinASecond(() -> neighbour.getAs(session, "/v1/events").status() == 401);
        assertThat(logIn("forgetful@example.com", PASSWORD).status()).isEqualTo(401);
        assertThat(logIn("forgetful@example.com", other).status()).isEqualTo(201);
        assertThat(actions(owner)).contains("member.reset", "person.password.reset");
    }

    @Test
    void makesAResetForWhoSomebodyIsNowAndNotForWhoTheyBecome() {
        String owner = gateway.newOrganization("resetting");
        String session = member(owner, "becomes@example.com", "viewer");
        String path = "/v1/members/" + person(session);
        String token = gateway.postAs(owner, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        assertThat(put(owner, path, "{\"role\":\"admin\"}").status()).isEqualTo(200);
        assertThat(reset(token, "another horse battery").status()).isEqualTo(404);

        token = gateway.postAs(owner, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        String other = invite(gateway.newOrganization("other"), "becomes@example.com", "owner");
        assertThat(accept(other, "B").status()).isEqualTo(201);
        assertThat(reset(token, "another horse battery").status()).isEqualTo(404);
        assertThat(gateway.postAs(owner, path + ":reset", "{}").status()).isEqualTo(403);
        String platforms = gateway.postAs(RunningGateway.PLATFORM_KEY, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        assertThat(put(session, "/v1/account/password", change(PASSWORD, "their own new battery"))
                        .status())
                .isEqualTo(204);
        assertThat(reset(platforms, "another horse battery").status()).isEqualTo(404);
    }

    @Test
    void endsASessionWithTheMembershipAlsoForWhoeverComesBack() {
        String owner = gateway.newOrganization("returning");
        String session = member(owner, "returning@example.com", "viewer");
        assertThat(delete(owner, "/v1/members/" + person(session)).status()).isEqualTo(204);
        assertThat(accept(invite(owner, "returning@example.com", "viewer"), "R").status())
                .isEqualTo(201);
        awaitWithinASecond(() -> gateway.getAs(session, "/v1/events").status() == 401);
        assertThat(logIn("returning@example.com", PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void letsAKeyThatEndsMakeNothingThatLasts() {
        String owner = gateway.newOrganization("ending");
        String brief = gateway.postAs(
                        owner,
                        "/v1/api-keys",
                        "{\"name\":\"b\",\"expiresAt\":\"" + gateway.now().plusSeconds(3600) + "\"}")
                .json()
                .path("key")
                .stringValue();
        assertThat(invitation(brief, "lasting@example.com", "viewer", "P1D").status())
                .isEqualTo(403);
    }

    @Test
    void beginsNoSessionWithWhatWasChangedMeanwhile() throws Exception {
        String owner = gateway.newOrganization("racing");
        String here = member(owner, "racing@example.com", "viewer");
        String there =
                logIn("racing@example.com", PASSWORD).json().path("session").stringValue();
        String organization =
                gateway.getAs(there, "/v1/session").json().path("organization").stringValue();
        List<String> begun = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CompletableFuture<Void> hopping = CompletableFuture.runAsync(
                    () -> {
                        String current = there;
                        for (int i = 0; i < 200 && !current.isEmpty(); i++) {
                            begun.add(current);
                            Answer next = gateway.postAs(
                                    current, "/v1/session:change", "{\"organization\":\"" + organization + "\"}");
                            current = next.json().path("session").asString("");
                        }
                        begun.add(current);
                    },
                    threads);
            Thread.sleep(50);
            assertThat(put(here, "/v1/account/password", change(PASSWORD, "another horse battery"))
                            .status())
                    .isEqualTo(204);
            hopping.get();
        }
        assertThat(begun.getLast()).as("it could go on").isEmpty();
        assertThat(gateway.getAs(here, "/v1/sessions").json().path("items")).hasSize(1);
    }

    @Test
    void letsNobodyBecomeSomebodyWhoMayMore() {
        String owner = gateway.newOrganization("becoming");
        String admin = member(owner, "becoming-admin@example.com", "admin");
        String boss = member(owner, "becoming-owner@example.com", "owner");
        assertThat(gateway.postAs(admin, "/v1/members/" + person(boss) + ":reset", "{}")
                        .status())
                .isEqualTo(403);
        String elsewhere = gateway.newOrganization("elsewhere");
        String there = invite(elsewhere, "becoming-admin@example.com", "viewer");
        assertThat(gateway.postAs(admin, "/v1/account/invitations", "{\"token\":\"" + there + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.postAs(owner, "/v1/members/" + person(admin) + ":reset", "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void takesACookieFromItsOwnPagesOnly() {
        String owner = gateway.newOrganization("cookies");
        String session = member(owner, "cookie@example.com", "admin");
        String cookie = "__Host-sluice-session=" + session;
        String body = "{\"name\":\"c\",\"role\":\"viewer\"}";
        assertThat(gateway.get("/v1/events", "Cookie", cookie).status()).isEqualTo(200);
        assertThat(gateway.get("/v1/events", "Cookie", "__Host-sluice-session=sk_x")
                        .status())
                .isEqualTo(401);
        assertThat(posted(cookie, body).status()).isEqualTo(403);
        assertThat(posted(cookie, body, "Origin", "https://evil.example").status())
                .isEqualTo(403);
        assertThat(posted(cookie, body, "Sec-Fetch-Site", "cross-site").status())
                .isEqualTo(403);
        assertThat(posted(cookie, body, "Sec-Fetch-Site", "same-origin").status())
                .isEqualTo(201);
        assertThat(posted(cookie, body, "Origin", "http://127.0.0.1:" + gateway.port())
                        .status())
                .isEqualTo(201);
    }

    private static Answer posted(String cookie, String body, String... more) {
        List<String> headers = new ArrayList<>(List.of("Cookie", cookie, "Content-Type", "application/json"));
        headers.addAll(List.of(more));
        return gateway.post("/v1/api-keys", body, headers.toArray(String[]::new));
    }

    private static String change(String from, String to) {
        return "{\"password\":\"" + from + "\",\"newPassword\":\"" + to + "\"}";
    }

    private static String withoutId(String problem) {
        return problem.replaceAll("\"(requestId|instance)\":\"[^\"]*\"", "");
    }

    /** The code that an app shows, so many steps from now. */
    private static String code(String secret, int steps) {
        try {
            var generator = new TimeBasedOneTimePasswordGenerator();
            return generator.generateOneTimePasswordString(
                    new SecretKeySpec(Base32.decode(secret), generator.getAlgorithm()),
                    gateway.now().plus(generator.getTimeStep().multipliedBy(steps)));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who has just accepted an invitation and logged in. */
    private static String member(String owner, String email, String role) {
        assertThat(accept(invite(owner, email, role), "Somebody").status()).isEqualTo(201);
        return logIn(email, PASSWORD).json().path("session").stringValue();
    }

    private static String person(String session) {
        return gateway.getAs(session, "/v1/session")
                .json()
                .path("person")
                .path("id")
                .stringValue();
    }

    private static String invite(String key, String email, String role) {
        return invitation(key, email, role, "P1D").json().path("token").stringValue();
    }

    private static Answer invitation(String key, String email, String role, String validity) {
        return gateway.postAs(
                key,
                "/v1/invitations",
                "{\"email\":\"" + email + "\",\"role\":\"" + role + "\",\"validity\":\"" + validity + "\"}");
    }

    private static Answer accept(String token, String name) {
        return accept(token, name, PASSWORD);
    }

    private static Answer accept(String token, String name, String password) {
        return gateway.post(
                "/v1/invitations:accept",
                "{\"token\":\"" + token + "\",\"name\":\"" + name + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    private static Answer logIn(String email, String password) {
        return gateway.post(
                "/v1/sessions",
                "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    private static Answer logIn(String email, String field, String code) {
        return gateway.post(
                "/v1/sessions",
                "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\",\"" + field + "\":\"" + code + "\"}",
                "Content-Type",
                "application/json");
    }

    private static Answer reset(String token, String password) {
        return gateway.post(
                "/v1/account/password:reset",
                "{\"token\":\"" + token + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    private static Answer put(String key, String path, String body) {
        return gateway.send(
                gateway.request(path).PUT(BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");
    }

    private static Answer delete(String key, String path) {
        return gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + key);
    }

    private static List<String> actions(String owner) {
        return gateway.getAs(owner, "/v1/audit")
                .json()
                .path("items")
                .valueStream()
                .map(entry -> entry.path("action").stringValue())
                .toList();
    }

    /** What each of so many who do it at once gets. */
    private static <T> List<T> atOnce(int count, java.util.function.IntFunction<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<CompletableFuture<T>> all = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(i), threads))
                    .toList();
            List<T> results = new ArrayList<>();
            for (CompletableFuture<T> each : all) {
                results.add(each.get());
            }
            return results;
        }
    }

    private static void awaitWithinASecond(BooleanSupplier condition) {
        await(Duration.ofSeconds(1), condition);
    }

    private static void await(BooleanSupplier condition) {
        await(Duration.ofSeconds(10), condition);
    }

    private static void await(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing happened in %s", patience).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
