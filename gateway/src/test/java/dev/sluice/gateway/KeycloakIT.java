package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.sluice.gateway.RunningGateway.Answer;
import java.text.ParseException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real Keycloak: people log in by it, a program comes with its tokens, its keys change, it goes away and comes back. */
@Timeout(unit = TimeUnit.MINUTES, value = 6)
final class KeycloakIT {

    /** The organization that is always there. */
    private static final String DEFAULT = "00000000-0000-7000-8000-000000000001";

    private static KeycloakServer keycloak;
    private static RunningGateway gateway;
    private static People people;

    @BeforeAll
    static void start() {
        keycloak = new KeycloakServer();
        keycloak.start();
        String login = "sluice.identity.login-providers[0].";
        String issuer = "sluice.identity.issuers[0].";
        gateway = RunningGateway.start(
                login + "id=keycloak",
                login + "issuer=" + keycloak.issuer(),
                login + "client-id=sluice",
                login + "client-secret=keycloak-secret",
                issuer + "url=" + keycloak.issuer(),
                issuer + "audiences=sluice-api",
                issuer + "organizations.acme=" + DEFAULT,
                issuer + "roles.boss=owner");
        people = new People(gateway, gateway);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        keycloak.close();
    }

    /** In one go, since each part leaves Keycloak as the next finds it, and a start of it is dear. */
    @Test
    void isAProviderOfPeopleAndTokensWhateverBecomesOfIt() throws ParseException {
        acceptsAnInvitationAndLogsInAgain();
        String before = keycloak.robotToken();
        assertThat(gateway.postAs(before, "/v1/endpoints", "{\"name\":\"robot's\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(201);

        keycloak.rotateKey();
        String after = keycloak.robotToken();
        assertThat(keyOf(after)).isNotEqualTo(keyOf(before));
        assertThat(gateway.getAs(after, "/v1/events").status())
                .as("of a key just made")
                .isEqualTo(200);
        assertThat(logIn(new Browser()).status()).isEqualTo(303);

        String unseen = keycloak.robotToken();
        Browser begun = new Browser();
        String query = keycloak.logIn(begun.begin(gateway, "keycloak", "{}"), "ada", "keycloak password");
        keycloak.stop();
        assertThat(gateway.getAs(unseen, "/v1/events").status())
                .as("by the keys that are known")
                .isEqualTo(200);
        assertThat(begun.callback(gateway, "keycloak", query).status()).isEqualTo(502);
        assertThat(begun.cookie(Browser.SESSION)).isEmpty();

        keycloak.start();
        assertThat(logIn(new Browser()).status()).isEqualTo(303);
        assertThat(gateway.getAs(keycloak.robotToken(), "/v1/events").status()).isEqualTo(200);
    }

    private static void acceptsAnInvitationAndLogsInAgain() {
        String owner = gateway.newOrganization("keycloak");
        assertThat(logIn(new Browser()).status()).as("before anybody knows her").isEqualTo(403);
        String token = people.invite(owner, "ada@example.com", "viewer");
        Browser first = new Browser();
        String url = first.begin(gateway, "keycloak", "{\"invitation\":\"" + token + "\"}");
        Answer entered = first.callback(gateway, "keycloak", keycloak.logIn(url, "ada", "keycloak password"));
        assertThat(entered.status()).as(entered.text()).isEqualTo(303);
        assertThat(first.get(gateway, "/v1/session").json().at("/person/name").stringValue())
                .isEqualTo("Ada Lovelace");
        Browser second = new Browser();
        assertThat(logIn(second).status()).isEqualTo(303);
        assertThat(second.get(gateway, "/v1/account/logins")
                        .json()
                        .at("/items/0/account")
                        .stringValue())
                .isEqualTo("ada@example.com");
    }

    private static Answer logIn(Browser browser) {
        String url = browser.begin(gateway, "keycloak", "{}");
        String query = keycloak.logIn(url, "ada", "keycloak password");
        // Keycloak says whose answer it is (RFC 9207).
        assertThat(query).contains("iss=http");
        return browser.callback(gateway, "keycloak", query);
    }

    private static String keyOf(String token) throws ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }
}
