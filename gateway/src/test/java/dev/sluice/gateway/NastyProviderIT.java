package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.sluice.gateway.RunningGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Logins in which somebody cheats, the provider included, or does not do as they should. */
final class NastyProviderIT {

    private static final ScriptedIssuer ISSUER = new ScriptedIssuer();
    private static final ScriptedIssuer EVIL = new ScriptedIssuer();
    private static final ScriptedIssuer ABSENT = new ScriptedIssuer();
    private static RunningGateway gateway;
    private static People people;

    @BeforeAll
    static void start() {
        ABSENT.away = true;
        String[] settings = Stream.of(
                        ProviderLoginIT.settings(0, "corp", ISSUER),
                        ProviderLoginIT.settings(1, "evil", EVIL),
                        ProviderLoginIT.settings(2, "absent", ABSENT))
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        gateway = RunningGateway.start(settings);
        people = new People(gateway, gateway);
        String owner = gateway.newOrganization("nasty");
        assertThat(people.member(owner, "alice@example.com", "viewer")).isNotEmpty();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        ISSUER.close();
        EVIL.close();
        ABSENT.close();
    }

    @BeforeEach
    void behave() {
        ISSUER.logins.behave();
    }

    @Test
    void takesAnAnswerOnlyInTheBrowserThatBegan() {
        Browser alice = new Browser();
        String url = alice.begin(gateway, "corp", "{}");
        String answer = ISSUER.logins.approve(url, "alice", "alice@example.com", true);
        Browser mallory = new Browser();
        assertBegun(mallory.callback(gateway, "corp", answer));
        assertThat(mallory.begin(gateway, "corp", "{}")).isNotEqualTo(url);
        assertBegun(mallory.callback(gateway, "corp", answer));
        assertBegun(mallory.callback(gateway, "corp", answer.replaceAll("&state=.*", "")));
        assertBegun(mallory.callback(gateway, "corp", answer + "&state=x"));
        assertBegun(alice.callback(gateway, "evil", answer));

        Browser forger = new Browser();
        String cookie = alice.cookie(Browser.FLOW);
        for (String forged : List.of(
                cookie.substring(0, cookie.length() - 4) + "AAAA",
                cookie.substring(0, 35) + (cookie.charAt(35) == 'a' ? 'b' : 'a') + cookie.substring(36),
                "x",
                "." + cookie,
                cookie.substring(0, 37) + "%%%",
                "a".repeat(3000))) {
            forger.set(Browser.FLOW, forged);
            assertBegun(forger.callback(gateway, "corp", answer));
        }
        assertThat(alice.callback(gateway, "corp", answer).status())
                .as("what others tried took nothing from whoever began")
                .isEqualTo(303);
    }

    @Test
    void takesAnAnswerOnce() throws Exception {
        Browser browser = new Browser();
        String url = browser.begin(gateway, "corp", "{}");
        String cookie = browser.cookie(Browser.FLOW);
        String answer = ISSUER.logins.approve(url, "alice", "alice@example.com", true);
        int before = ISSUER.logins.exchanges.get();
        List<Integer> statuses = People.atOnce(4, i -> {
            Browser copy = new Browser();
            copy.set(Browser.FLOW, cookie);
            return copy.callback(gateway, "corp", answer).status();
        });
        assertThat(statuses).containsOnlyOnce(303).containsOnly(303, 400);
        assertThat(ISSUER.logins.exchanges.get() - before).isEqualTo(1);

        // The code in another login of one's own: its verifier is another.
        String stolen = ISSUER.logins.approve(new Browser().begin(gateway, "corp", "{}"), "alice", null, true);
        Browser mallory = new Browser();
        String own = ISSUER.logins.approve(mallory.begin(gateway, "corp", "{}"), "mallory", null, true);
        String mixed = stolen.replaceAll("&state=.*", "") + own.replaceAll("^[^&]*", "");
        assertThat(mallory.callback(gateway, "corp", mixed).status()).isEqualTo(401);
    }

    @Test
    void doesNotTakeOneProvidersAnswerForAnothers() {
        int before = EVIL.logins.exchanges.get();
        Browser browser = new Browser();
        String url = browser.begin(gateway, "corp", "{}");
        String answer = ISSUER.logins.approve(url, "alice", "alice@example.com", true);
        Answer refused = browser.callback(gateway, "corp", answer + "&iss=" + EVIL.url());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(EVIL.logins.exchanges.get()).isEqualTo(before);
        Browser named = new Browser();
        String again = ISSUER.logins.approve(named.begin(gateway, "corp", "{}"), "alice", "alice@example.com", true);
        assertThat(named.callback(gateway, "corp", again + "&iss=" + ISSUER.url())
                        .status())
                .isEqualTo(303);
        // What another provider signs, under whatever name, is not this one's.
        ISSUER.logins.signing = claims -> EVIL.sign(claims.issuer(ISSUER.url()));
        assertRefused("signature");
        ISSUER.logins.signing = claims -> ISSUER.sign(claims.issuer(EVIL.url()));
        assertRefused("issuer");
    }

    @Test
    void refusesIdTokensThatAreNotForThisLogin() {
        Instant now = gateway.now();
        refuses("login", claims -> claims.claim("nonce", "another"));
        refuses("login", claims -> claims.claim("nonce", null));
        refuses("client", claims -> claims.audience("another"));
        refuses("several", claims -> claims.audience(List.of(ScriptedLogins.CLIENT, "another")));
        refuses("client first", claims -> claims.claim("azp", "another"));
        refuses("expired", claims -> claims.expirationTime(Date.from(now.minusSeconds(120))));
        refuses("expired", claims -> claims.expirationTime(null));
        refuses("made", claims -> claims.issueTime(null));
        refuses("whose", claims -> claims.subject(null));
        ISSUER.logins.claims = UnaryOperator.identity();
        ISSUER.logins.signing = claims -> new PlainJWT(claims.build()).serialize();
        assertRefused("signed");
        ISSUER.logins.signing = ISSUER::confused;
        assertRefused("algorithm");
        ISSUER.logins.signing = ISSUER::signedForEncryption;
        assertRefused("signature");
        ISSUER.logins.signing = claims -> ISSUER.sign(JWSAlgorithm.RS512, ISSUER.rsa, claims);
        assertRefused("algorithm");
        ISSUER.logins.signing = claims -> "eyJ.x";
        assertRefused("signed");
        ISSUER.logins.behave();
        ISSUER.logins.claims = claims ->
                claims.audience(List.of(ScriptedLogins.CLIENT, "another")).claim("azp", ScriptedLogins.CLIENT);
        assertThat(logIn().status()).isEqualTo(303);
    }

    @Test
    void saysThatAProviderDoesNotAnswerAsItShould() {
        byte[] giant = new byte[2 << 20];
        List<Function<HttpServerResponse, Publisher<Void>>> broken = new ArrayList<>(List.of(
                response -> response.status(500).sendString(Mono.just("boom")),
                response -> response.sendString(Mono.just("<html>secret stuff</html>")),
                response -> response.sendString(Mono.just("[".repeat(5000))),
                response -> response.sendByteArray(Flux.just(giant)),
                response -> ScriptedLogins.json(response, "{\"access_token\":\"x\"}"),
                response -> ScriptedLogins.json(response, "{\"id_token\":{}}"),
                response -> ScriptedLogins.json(response, "null"),
                response -> ScriptedLogins.json(response.status(401), "{\"error\":\"invalid_client\"}"),
                response -> response.status(302)
                        .header("Location", EVIL.url() + "/token")
                        .send()));
        for (int i = 0; i < broken.size(); i++) {
            ISSUER.logins.answer = broken.get(i);
            Answer refused = logIn();
            assertThat(refused.status()).as("%s: %s", i, refused.text()).isEqualTo(502);
            assertThat(refused.text()).doesNotContain("secret", "boom");
        }
        ISSUER.logins.answer = response -> ScriptedLogins.json(response.status(400), "{\"error\":\"invalid_grant\"}");
        assertThat(logIn().status()).isEqualTo(401);
        ISSUER.logins.answer = response -> Mono.never();
        assertThat(logIn().status()).as("it never answers").isEqualTo(504);
        ISSUER.logins.answer = response -> response.sendString(
                Flux.concat(Mono.just("{"), Flux.just(" ").repeat().delayElements(Duration.ofMillis(200))));
        assertThat(logIn().status()).as("it never ends").isEqualTo(504);
        ISSUER.logins.behave();
        assertThat(logIn().status()).isEqualTo(303);
    }

    @Test
    void saysThatTheProviderRefusedAndNothingThatItSaid() {
        Browser browser = new Browser();
        String state = ISSUER.logins
                .approve(browser.begin(gateway, "corp", "{}"), "alice", null, true)
                .replaceAll("^code=[^&]*&", "");
        Answer refused = browser.callback(gateway, "corp", "error=access_denied&error_description=boo&" + state);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("access_denied").doesNotContain("boo");
        assertBegun(browser.callback(gateway, "corp", "code=x&" + state));

        Browser other = new Browser();
        String second = ISSUER.logins
                .approve(other.begin(gateway, "corp", "{}"), "alice", null, true)
                .replaceAll("^code=[^&]*&", "");
        Answer weird = other.callback(gateway, "corp", "error=%3Cscript%3E&" + second);
        assertThat(weird.status()).isEqualTo(403);
        assertThat(weird.text()).doesNotContain("script");

        Browser third = new Browser();
        String without = ISSUER.logins
                .approve(third.begin(gateway, "corp", "{}"), "alice", null, true)
                .replaceAll("^code=[^&]*&", "");
        assertThat(third.callback(gateway, "corp", without).status()).isEqualTo(400);
    }

    @Test
    void beginsNothingWhileItsProviderIsAway() {
        String path = "/v1/login-providers/absent:begin";
        String[] json = {"Content-Type", "application/json"};
        assertThat(gateway.post(path, "{}", json).status()).isEqualTo(502);
        assertThat(gateway.post(path, "{\"next\":\"https://evil\"}", json).status())
                .isEqualTo(400);
        ABSENT.away = false;
        assertThat(RunningGateway.eventually(() -> gateway.post(path, "{}", json), 200)
                        .status())
                .isEqualTo(200);
    }

    private static void refuses(String reason, UnaryOperator<JWTClaimsSet.Builder> change) {
        ISSUER.logins.claims = change;
        assertRefused(reason);
    }

    private static void assertRefused(String reason) {
        Answer refused = logIn();
        assertThat(refused.status()).as(refused.text()).isEqualTo(401);
        assertThat(refused.json().path("detail").stringValue()).contains(reason);
    }

    private static void assertBegun(Answer refused) {
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().path("detail").stringValue()).contains("begun in this browser");
    }

    private static Answer logIn() {
        Browser browser = new Browser();
        String url = browser.begin(gateway, "corp", "{}");
        Answer answer =
                browser.callback(gateway, "corp", ISSUER.logins.approve(url, "alice", "alice@example.com", true));
        assertThat(answer.status() == 303)
                .isEqualTo(!browser.cookie(Browser.SESSION).isEmpty());
        return answer;
    }
}
