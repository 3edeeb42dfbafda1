package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.sluice.gateway.RunningGateway.Answer;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How people prove who they are, stay logged in, and what becomes of that; on two gateways beside each other. */
final class LoginIT {

    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static People people;

    @BeforeAll
    static void start() {
        people = People.start();
        gateway = people.gateway();
        neighbour = people.neighbour();
    }

    @AfterAll
    static void stop() {
        people.close();
    }

    @Test
    void actsInOneOfSeveralOrganizations() {
        String first = gateway.newOrganization("first of two");
        String second = gateway.newOrganization("second of two");
        String session = people.member(first, "both@example.com", "viewer");
        String token = people.invite(second, "both@example.com", "admin");
        assertThat(people.accept(token, "Both", "not the password of both").status())
                .isEqualTo(401);
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
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/events").status() == 401);

        String third = gateway.newOrganization("third");
        assertThat(people.accept(people.invite(third, "both@example.com", "viewer"), "Both")
                        .status())
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
    void endsASessionOnAllGateways() {
        String session = people.member(gateway.newOrganization("leaving"), "leaving@example.com", "viewer");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        assertThat(people.delete(session, "/v1/session").status()).isEqualTo(204);
        People.awaitSoon(() -> gateway.getAs(session, "/v1/events").status() == 401);
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/events").status() == 401);
    }

    @Test
    void endsOneOfAPersonsOwnSessionsAndNobodyElses() {
        String owner = gateway.newOrganization("several");
        String here = people.member(owner, "several@example.com", "viewer");
        JsonNode elsewhere =
                people.logIn("several@example.com", People.PASSWORD).json();
        String id = elsewhere.path("id").stringValue();
        assertThat(gateway.getAs(here, "/v1/sessions").json().path("items")).hasSize(2);
        String stranger = people.member(owner, "stranger@example.com", "admin");
        assertThat(people.delete(stranger, "/v1/sessions/" + id).status()).isEqualTo(404);
        assertThat(people.delete(here, "/v1/sessions/" + id).status()).isEqualTo(204);
        String there = elsewhere.path("session").stringValue();
        People.awaitSoon(() -> neighbour.getAs(there, "/v1/events").status() == 401);
        assertThat(gateway.getAs(here, "/v1/events").status()).isEqualTo(200);
    }

    @Test
    void saysThatNoMailIsSentHere() {
        Answer link =
                gateway.post("/v1/login-links", "{\"email\":\"a@example.com\"}", "Content-Type", "application/json");
        assertThat(link.status()).isEqualTo(501);
        assertThat(link.json().path("detail").stringValue()).contains("sluice.mail.host");
        String owner = gateway.newOrganization("without mail");
        String body = "{\"email\":\"b@example.com\",\"role\":\"viewer\",\"mail\":true}";
        assertThat(gateway.postAs(owner, "/v1/invitations", body).status()).isEqualTo(501);
        assertThat(gateway.getAs(owner, "/v1/invitations").json().path("items")).isEmpty();
    }

    @Test
    void refusesEasyPasswords() {
        String owner = gateway.newOrganization("easy");
        String token = people.invite(owner, "Margaret@example.com", "viewer");
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
        assertThat(people.accept(token, "Margaret").status()).isEqualTo(201);
    }

    @Test
    void changesAPasswordAndEndsTheOtherSessions() {
        String owner = gateway.newOrganization("securing");
        String here = people.member(owner, "securing@example.com", "viewer");
        String there = people.logIn("securing@example.com", People.PASSWORD)
                .json()
                .path("session")
                .stringValue();
        assertThat(neighbour.getAs(there, "/v1/events").status()).isEqualTo(200);
        String other = "another horse battery";
        assertThat(people.put(here, "/v1/account/password", change("wrong password!", other))
                        .status())
                .isEqualTo(401);
        assertThat(people.put(here, "/v1/account/password", change(People.PASSWORD, other))
                        .status())
                .isEqualTo(204);
        People.awaitSoon(() -> neighbour.getAs(there, "/v1/events").status() == 401);
        assertThat(gateway.getAs(here, "/v1/events").status()).isEqualTo(200);
        assertThat(people.logIn("securing@example.com", People.PASSWORD).status())
                .isEqualTo(401);
        assertThat(people.logIn("securing@example.com", other).status()).isEqualTo(201);
        assertThat(people.actions(owner)).contains("person.password.change");
    }

    @Test
    void makesWhoeverFailsOftenWaitAndTellsThemNothing() throws Exception {
        String owner = gateway.newOrganization("locking");
        assertThat(people.member(owner, "locked@example.com", "viewer")).isNotEmpty();
        String unknown =
                people.logIn("nobody-at-all@example.com", People.PASSWORD).text();
        List<String> answers = People.atOnce(
                20, i -> people.logIn("locked@example.com", "wrong guess " + i).text());
        assertThat(answers).allSatisfy(answer -> assertThat(withoutId(answer)).isEqualTo(withoutId(unknown)));
        Answer right = people.logIn("locked@example.com", People.PASSWORD);
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
        String session = people.member(owner, "factor@example.com", "viewer");
        Answer begun =
                gateway.postAs(session, "/v1/account/second-factor", "{\"password\":\"" + People.PASSWORD + "\"}");
        assertThat(begun.status()).isEqualTo(201);
        String secret = begun.json().path("secret").stringValue();
        assertThat(begun.json().path("uri").stringValue())
                .startsWith("otpauth://totp/Sluice:factor%40example.com?secret=");
        assertThat(people.logIn("factor@example.com", People.PASSWORD).status()).isEqualTo(201);

        String confirm = "/v1/account/second-factor:confirm";
        assertThat(gateway.postAs(
                                session, confirm, "{\"password\":\"" + People.PASSWORD + "\",\"newCode\":\"000000x\"}")
                        .status())
                .isEqualTo(400);
        String used = code(secret, 0);
        String next = code(secret, 1);
        Answer confirmed = gateway.postAs(
                session, confirm, "{\"password\":\"" + People.PASSWORD + "\",\"newCode\":\"" + used + "\"}");
        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        JsonNode codes = confirmed.json().path("recoveryCodes");
        assertThat(codes).hasSize(10);

        Answer without = people.logIn("factor@example.com", People.PASSWORD);
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:second-factor-required");
        // The code that confirmed it was used up by that.
        assertThat(people.logIn("factor@example.com", "code", used).status()).isEqualTo(401);
        assertThat(people.logIn("factor@example.com", "code", next).status()).isEqualTo(201);

        String recovery = codes.get(3).stringValue();
        assertThat(people.logIn("factor@example.com", "recoveryCode", recovery.toUpperCase(Locale.ROOT))
                        .status())
                .isEqualTo(201);
        assertThat(people.logIn("factor@example.com", "recoveryCode", recovery).status())
                .isEqualTo(401);
        assertThat(gateway.postAs(
                                session,
                                "/v1/account/second-factor:remove",
                                "{\"password\":\"" + People.PASSWORD + "\",\"recoveryCode\":\""
                                        + codes.get(4).stringValue() + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(people.logIn("factor@example.com", People.PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void helpsWhoeverHasForgottenTheirPassword() {
        String owner = gateway.newOrganization("forgetting");
        String session = people.member(owner, "forgetful@example.com", "member");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        String path = "/v1/members/" + people.person(session) + ":reset";
        String superseded =
                gateway.postAs(owner, path, "{}").json().path("token").stringValue();
        String token = gateway.postAs(owner, path, "{}").json().path("token").stringValue();
        String other = "another horse battery";
        assertThat(people.reset(superseded, other).status()).isEqualTo(404);
        assertThat(people.reset(token, "forgetful@example").status()).isEqualTo(400);
        assertThat(people.reset(token, other).status()).isEqualTo(204);
        assertThat(people.reset(token, other).status()).isEqualTo(404);
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/events").status() == 401);
        assertThat(people.logIn("forgetful@example.com", People.PASSWORD).status())
                .isEqualTo(401);
        assertThat(people.logIn("forgetful@example.com", other).status()).isEqualTo(201);
        assertThat(people.actions(owner)).contains("member.reset", "person.password.reset");
    }

    @Test
    void makesAResetForWhoSomebodyIsNowAndNotForWhoTheyBecome() {
        String owner = gateway.newOrganization("resetting");
        String session = people.member(owner, "becomes@example.com", "viewer");
        String path = "/v1/members/" + people.person(session);
        String token = gateway.postAs(owner, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        assertThat(people.put(owner, path, "{\"role\":\"admin\"}").status()).isEqualTo(200);
        assertThat(people.reset(token, "another horse battery").status()).isEqualTo(404);

        token = gateway.postAs(owner, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        String other = people.invite(gateway.newOrganization("other"), "becomes@example.com", "owner");
        assertThat(people.accept(other, "B").status()).isEqualTo(201);
        assertThat(people.reset(token, "another horse battery").status()).isEqualTo(404);
        assertThat(gateway.postAs(owner, path + ":reset", "{}").status()).isEqualTo(403);
        String platforms = gateway.postAs(RunningGateway.PLATFORM_KEY, path + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        assertThat(people.put(session, "/v1/account/password", change(People.PASSWORD, "their own new battery"))
                        .status())
                .isEqualTo(204);
        assertThat(people.reset(platforms, "another horse battery").status()).isEqualTo(404);
    }

    @Test
    void endsASessionWithTheMembershipAlsoForWhoeverComesBack() {
        String owner = gateway.newOrganization("returning");
        String session = people.member(owner, "returning@example.com", "viewer");
        assertThat(people.delete(owner, "/v1/members/" + people.person(session)).status())
                .isEqualTo(204);
        assertThat(people.accept(people.invite(owner, "returning@example.com", "viewer"), "R")
                        .status())
                .isEqualTo(201);
        People.awaitSoon(() -> gateway.getAs(session, "/v1/events").status() == 401);
        assertThat(people.logIn("returning@example.com", People.PASSWORD).status())
                .isEqualTo(201);
    }

    @Test
    void beginsNoSessionWithWhatWasChangedMeanwhile() throws Exception {
        String owner = gateway.newOrganization("racing");
        String here = people.member(owner, "racing@example.com", "viewer");
        String there = people.logIn("racing@example.com", People.PASSWORD)
                .json()
                .path("session")
                .stringValue();
        String organization =
                gateway.getAs(there, "/v1/session").json().path("organization").stringValue();
        List<String> begun = new ArrayList<>();
        CountDownLatch hops = new CountDownLatch(3);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CompletableFuture<Void> hopping = CompletableFuture.runAsync(
                    () -> {
                        String current = there;
                        for (int i = 0; i < 10_000 && !current.isEmpty(); i++) {
                            begun.add(current);
                            hops.countDown();
                            Answer next = gateway.postAs(
                                    current, "/v1/session:change", "{\"organization\":\"" + organization + "\"}");
                            current = next.json().path("session").asString("");
                        }
                        begun.add(current);
                    },
                    threads);
            assertThat(hops.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(people.put(here, "/v1/account/password", change(People.PASSWORD, "another horse battery"))
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
        String admin = people.member(owner, "becoming-admin@example.com", "admin");
        String boss = people.member(owner, "becoming-owner@example.com", "owner");
        assertThat(gateway.postAs(admin, "/v1/members/" + people.person(boss) + ":reset", "{}")
                        .status())
                .isEqualTo(403);
        String elsewhere = gateway.newOrganization("elsewhere");
        String there = people.invite(elsewhere, "becoming-admin@example.com", "viewer");
        assertThat(gateway.postAs(admin, "/v1/account/invitations", "{\"token\":\"" + there + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.postAs(owner, "/v1/members/" + people.person(admin) + ":reset", "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void takesACookieFromItsOwnPagesOnly() {
        String owner = gateway.newOrganization("cookies");
        String session = people.member(owner, "cookie@example.com", "admin");
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
        String here = "127.0.0.1:" + gateway.port();
        assertThat(posted(cookie, body, "Origin", "https://" + here).status()).isEqualTo(201);
        assertThat(posted(cookie, body, "Origin", "http://" + here).status())
                .as("whoever is on the way writes this site's pages without TLS")
                .isEqualTo(403);
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
}
