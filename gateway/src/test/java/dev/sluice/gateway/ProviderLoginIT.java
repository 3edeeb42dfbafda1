package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** People come in by their accounts at an OpenID provider that behaves; on two gateways beside each other. */
final class ProviderLoginIT {

    private static final ScriptedIssuer ISSUER = new ScriptedIssuer();
    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static People people;

    @BeforeAll
    static void start() {
        people = People.start(settings(0, "corp", ISSUER));
        gateway = people.gateway();
        neighbour = people.neighbour();
    }

    @AfterAll
    static void stop() {
        people.close();
        ISSUER.close();
    }

    static String[] settings(int index, String id, ScriptedIssuer issuer) {
        String name = "sluice.identity.login-providers[" + index + "].";
        return new String[] {
            name + "id=" + id,
            name + "issuer=" + issuer.url(),
            name + "client-id=" + ScriptedLogins.CLIENT,
            name + "client-secret=" + ScriptedLogins.SECRET
        };
    }

    @Test
    void letsInWhoeverHasTheAddressThatIsVerifiedThereAndKnowsThemFromThenOn() {
        String owner = gateway.newOrganization("linking");
        assertThat(people.member(owner, "linked@example.com", "viewer")).isNotEmpty();
        Browser browser = new Browser();
        Answer entered = logIn(browser, "sub-linked", "Linked@example.com", true);
        assertThat(entered.status()).as(entered.text()).isEqualTo(303);
        assertThat(entered.header("location")).isEqualTo("/");
        assertThat(browser.cookie(Browser.FLOW)).isEmpty();
        JsonNode current = browser.get(gateway, "/v1/session").json();
        assertThat(current.at("/person/email").stringValue()).isEqualTo("linked@example.com");

        // Another address there, not even verified, is the same account.
        Browser other = new Browser();
        assertThat(logIn(other, "sub-linked", "elsewhere@example.com", false).status())
                .isEqualTo(303);
        JsonNode logins = other.get(neighbour, "/v1/account/logins").json().path("items");
        assertThat(logins).hasSize(1);
        assertThat(logins.at("/0/account").stringValue()).isEqualTo("linked@example.com");
        assertThat(logins.at("/0/issuer").stringValue()).isEqualTo(ISSUER.url());
        assertThat(people.actions(owner)).containsOnlyOnce("person.login.add");
        assertThat(gateway.getAs(owner, "/v1/audit?action=session.begin")
                        .json()
                        .at("/items/0/detail/by")
                        .stringValue())
                .isEqualTo("provider:corp");
    }

    @Test
    void refusesWhomItDoesNotKnowAndTellsNobodyWhoIsKnown() {
        assertThat(people.member(gateway.newOrganization("unverified"), "known@example.com", "viewer"))
                .isNotEmpty();
        Answer known = logIn(new Browser(), "sub-a", "known@example.com", false);
        Answer unknown = logIn(new Browser(), "sub-b", "unknown@example.com", false);
        Answer stranger = logIn(new Browser(), "sub-c", "unknown@example.com", true);
        Answer without = logIn(new Browser(), "sub-d", null, true);
        for (Answer answer : List.of(known, unknown, stranger, without)) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(403);
            assertThat(answer.json().path("detail")).isEqualTo(known.json().path("detail"));
            assertThat(answer.header("set-cookie")).startsWith(Browser.FLOW + "=;");
        }
    }

    @Test
    void acceptsAnInvitationWithoutAPassword() {
        String owner = gateway.newOrganization("inviting");
        String token = people.invite(owner, "invited@example.com", "viewer");
        Browser browser = new Browser();
        Answer entered = accept(browser, token, "sub-invited", "other@example.com");
        assertThat(entered.status()).as(entered.text()).isEqualTo(303);
        JsonNode current = browser.get(gateway, "/v1/session").json();
        assertThat(current.at("/person/email").stringValue()).isEqualTo("invited@example.com");
        assertThat(current.at("/person/name").stringValue()).isEqualTo("Some Body");
        assertThat(people.actions(owner)).contains("invitation.accept", "person.login.add", "session.begin");
        assertThat(accept(new Browser(), token, "sub-again", null).status()).isEqualTo(404);

        // It is the only way in, and stays.
        String session = browser.cookie(Browser.SESSION);
        String link = link(session);
        assertThat(people.delete(session, "/v1/account/logins/" + link).status())
                .isEqualTo(409);
        String reset = gateway.postAs(owner, "/v1/members/" + people.person(session) + ":reset", "{}")
                .json()
                .path("token")
                .stringValue();
        assertThat(people.reset(reset, People.PASSWORD).status()).isEqualTo(204);
        String own = people.logIn("invited@example.com", People.PASSWORD)
                .json()
                .path("session")
                .stringValue();
        assertThat(people.delete(own, "/v1/account/logins/" + link).status()).isEqualTo(204);
    }

    @Test
    void joinsAnotherOrganizationWithTheAccountThatOneHas() {
        String first = gateway.newOrganization("first");
        assertThat(people.member(first, "joins@example.com", "viewer")).isNotEmpty();
        String second = gateway.newOrganization("second");
        String foreign = people.invite(second, "somebody-else@example.com", "viewer");
        assertThat(accept(new Browser(), foreign, "sub-joins", "joins@example.com")
                        .status())
                .as("an invitation of another address")
                .isEqualTo(403);
        String token = people.invite(second, "joins@example.com", "viewer");
        assertThat(accept(new Browser(), token, "sub-thief", "thief@example.com")
                        .status())
                .as("not verified to be whose account it is")
                .isEqualTo(403);
        Browser browser = new Browser();
        assertThat(accept(browser, token, "sub-joins", "joins@example.com").status())
                .isEqualTo(303);
        assertThat(browser.get(gateway, "/v1/session").json().path("organizations"))
                .hasSize(2);
    }

    @Test
    void takesTheSecondFactorTooAndLinksNothingBefore() throws Exception {
        String owner = gateway.newOrganization("two factors");
        String session = people.member(owner, "factor@example.com", "viewer");
        byte[] secret = people.secondFactor(session);
        Browser browser = new Browser();
        String token = loginToken(logIn(browser, "sub-factor", "factor@example.com", true));
        assertThat(browser.cookie(Browser.SESSION)).isEmpty();
        Answer without = people.logInBy(token);
        assertThat(without.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:second-factor-required");
        assertThat(people.logInBy(token, "code", "000000x").status()).isEqualTo(401);
        assertThat(gateway.getAs(session, "/v1/account/logins").json().path("items"))
                .isEmpty();
        String code = people.code(secret, 1);
        List<Integer> statuses =
                People.atOnce(4, i -> people.logInBy(token, "code", code).status());
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 401);
        assertThat(gateway.getAs(session, "/v1/account/logins").json().path("items"))
                .hasSize(1);
        assertThat(people.logInBy(token, "code", people.code(secret, 1)).status())
                .isEqualTo(401);
        assertThat(people.actions(owner)).contains("person.prove").containsOnlyOnce("person.login.add");
        String invitation = people.invite(gateway.newOrganization("later"), "factor@example.com", "viewer");
        assertThat(accept(new Browser(), invitation, "sub-factor", null).status())
                .isEqualTo(409);
    }

    @Test
    void endsATokenWithGuessesAndWithThePassword() {
        String session = people.member(gateway.newOrganization("guessing"), "guess@example.com", "viewer");
        byte[] secret = people.secondFactor(session);
        String token = loginToken(logIn(new Browser(), "sub-guess", "guess@example.com", true));
        for (int i = 0; i < 5; i++) {
            assertThat(people.logInBy(token, "code", "00000" + i + "x").status())
                    .isEqualTo(401);
        }
        assertThat(people.logInBy(token, "code", people.code(secret, 1)).status())
                .isEqualTo(401);
        // Whoever guesses at the code of a token has had the first factor; passwords are none of its business.
        assertThat(people.logIn("guess@example.com", "code", people.code(secret, 1))
                        .status())
                .isEqualTo(201);

        String other = people.member(gateway.newOrganization("changing"), "changing@example.com", "viewer");
        byte[] key = people.secondFactor(other);
        String old = loginToken(logIn(new Browser(), "sub-changing", "changing@example.com", true));
        assertThat(people.put(
                                other,
                                "/v1/account/password",
                                "{\"password\":\"" + People.PASSWORD
                                        + "\",\"newPassword\":\"another horse battery\",\"code\":\""
                                        + people.code(key, 1) + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(people.logInBy(old).status()).isEqualTo(401);
        assertThat(people.logInBy(old).json().path("type").stringValue())
                .isEqualTo("urn:sluice:problem:unauthenticated");
    }

    @Test
    void unlinksAndEndsWhatCameByIt() {
        String owner = gateway.newOrganization("unlinking");
        String session = people.member(owner, "unlink@example.com", "viewer");
        Browser browser = new Browser();
        assertThat(logIn(browser, "sub-unlink", "unlink@example.com", true).status())
                .isEqualTo(303);
        assertThat(browser.get(neighbour, "/v1/session").status()).isEqualTo(200);
        String stranger = people.member(owner, "stranger@example.com", "owner");
        String link = link(session);
        assertThat(people.delete(stranger, "/v1/account/logins/" + link).status())
                .isEqualTo(404);
        assertThat(people.delete(session, "/v1/account/logins/" + link).status())
                .isEqualTo(204);
        assertThat(people.delete(session, "/v1/account/logins/" + link).status())
                .isEqualTo(404);
        People.awaitSoon(() -> browser.get(neighbour, "/v1/session").status() == 401);
        assertThat(logIn(new Browser(), "sub-unlink", "unlink@example.com", false)
                        .status())
                .isEqualTo(403);
        assertThat(people.actions(owner)).contains("person.login.remove");
    }

    @Test
    void saysWhoThereIs() {
        JsonNode providers = gateway.get("/v1/login-providers").json();
        assertThat(providers.at("/items/0/id").stringValue()).isEqualTo("corp");
        assertThat(gateway.post("/v1/login-providers/nobody:begin", "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(404);
    }

    private static Answer logIn(Browser browser, String subject, @Nullable String email, boolean verified) {
        String url = browser.begin(gateway, "corp", "{}");
        // Another gateway than the one that began it.
        return browser.callback(neighbour, "corp", ISSUER.logins.approve(url, subject, email, verified));
    }

    private static Answer accept(Browser browser, String invitation, String subject, @Nullable String email) {
        String url = browser.begin(gateway, "corp", "{\"invitation\":\"" + invitation + "\"}");
        return browser.callback(gateway, "corp", ISSUER.logins.approve(url, subject, email, true));
    }

    private static String loginToken(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        assertThat(answer.header("location")).startsWith("/#login=lgn_").endsWith("&code");
        return answer.header("location").replaceAll("/#login=(.*)&code", "$1");
    }

    private static String link(String session) {
        return gateway.getAs(session, "/v1/account/logins")
                .json()
                .at("/items/0/id")
                .stringValue();
    }
}
