package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.sluice.gateway.RunningGateway.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of an OpenID provider, good ones and all kinds of bad ones. */
final class TokenIT {

    /** The organization that is always there. */
    private static final String DEFAULT = "00000000-0000-7000-8000-000000000001";

    private static final ScriptedIssuer ISSUER = new ScriptedIssuer();
    private static final ScriptedIssuer FLOODED = new ScriptedIssuer();
    private static final ScriptedIssuer ABSENT = new ScriptedIssuer();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        ABSENT.away = true;
        List<String> settings = new ArrayList<>();
        for (ScriptedIssuer each : List.of(ISSUER, FLOODED, ABSENT)) {
            String name = "sluice.identity.issuers[" + settings.size() / 5 + "].";
            settings.add(name + "url=" + each.url());
            settings.add(name + "audiences=" + ScriptedIssuer.AUDIENCE);
            settings.add(name + "organizations.acme=" + DEFAULT);
            settings.add(name + "roles.boss=owner");
            settings.add(name + "roles.viewer=viewer");
        }
        gateway = RunningGateway.start(settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        List.of(ISSUER, FLOODED, ABSENT).forEach(ScriptedIssuer::close);
    }

    @Test
    void takesTokensOfEachAlgorithmThatIsAllowed() {
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256)) {
            assertThat(status(ISSUER.sign(algorithm, ISSUER.rsa, claims()))).isEqualTo(200);
        }
        assertThat(status(ISSUER.sign(JWSAlgorithm.ES256, ISSUER.elliptic, claims())))
                .isEqualTo(200);
        assertThat(status(ISSUER.sign(JWSAlgorithm.RS512, ISSUER.rsa, claims())))
                .isEqualTo(401);
    }

    @Test
    void givesWhatTheRoleMay() {
        String viewer = ISSUER.sign(ISSUER.claims("acme", "viewer"));
        String boss = ISSUER.sign(ISSUER.claims("acme", "boss"));
        String both = ISSUER.sign(ISSUER.claims("acme", "").claim("role", List.of("viewer", "owner", "boss")));
        String none = ISSUER.sign(ISSUER.claims("acme", "owner"));
        String body = "{\"name\":\"k\",\"role\":\"viewer\"}";
        assertThat(gateway.postAs(viewer, "/v1/api-keys", body).status()).isEqualTo(403);
        assertThat(gateway.postAs(boss, "/v1/api-keys", body).status()).isEqualTo(201);
        assertThat(gateway.postAs(both, "/v1/api-keys", body).status()).isEqualTo(201);
        assertThat(status(none)).isEqualTo(403);
        // A token has no platform scope, whatever it says.
        assertThat(gateway.postAs(boss, "/v1/organizations", "{\"name\":\"child\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void refusesTokensThatAreNotGoodHereOrNow() {
        Instant now = gateway.now();
        assertRefused("expired", claims().expirationTime(Date.from(now.minusSeconds(120))));
        assertRefused("expired", claims().expirationTime(null));
        assertRefused("not good yet", claims().notBeforeTime(Date.from(now.plusSeconds(120))));
        assertRefused("somebody else", claims().audience("another"));
        assertRefused("issuer", claims().issuer("http://127.0.0.1:1"));
        assertRefused("issuer", claims().issuer(null));
        assertRefused("whose", claims().subject(null));
        assertRefused("organization", claims().claim("organization", DEFAULT));
        assertRefused("organization", claims().claim("organization", null));
        assertRefused("organization", claims().claim("organization", 5));
        // Within the clocks' difference.
        assertThat(status(ISSUER.sign(claims().expirationTime(Date.from(now.minusSeconds(30))))))
                .isEqualTo(200);
        assertThat(status(ISSUER.sign(claims().notBeforeTime(Date.from(now.plusSeconds(30))))))
                .isEqualTo(200);
    }

    @Test
    void refusesTokensThatNobodySignedForIt() throws JOSEException {
        RSAKey foreign = new RSAKeyGenerator(2048).keyID("rsa").generate();
        RSAKey unknown = new RSAKeyGenerator(2048).keyID("unknown").generate();
        assertThat(status(ISSUER.sign(JWSAlgorithm.RS256, foreign, claims()))).isEqualTo(401);
        assertThat(status(ISSUER.sign(JWSAlgorithm.RS256, unknown, claims()))).isEqualTo(401);
        assertThat(status(ISSUER.confused(claims()))).isEqualTo(401);
        assertThat(status(ISSUER.signedForEncryption(claims()))).isEqualTo(401);
        assertThat(status(new PlainJWT(claims().build()).serialize())).isEqualTo(401);
        String good = ISSUER.sign(claims());
        int dot = good.lastIndexOf('.');
        assertThat(status(good.substring(0, dot + 1))).isEqualTo(401);
        assertThat(status(good.substring(0, dot + 5)
                        + (good.charAt(dot + 5) == 'A' ? 'B' : 'A')
                        + good.substring(dot + 6)))
                .isEqualTo(401);
        String other = ISSUER.sign(claims().subject("mallory"));
        assertThat(status(other.substring(0, other.lastIndexOf('.')) + good.substring(dot)))
                .isEqualTo(401);
        assertThat(status("eyJ.eyJ.x")).isEqualTo(401);
        assertThat(status("eyJ" + "a".repeat(8_000) + ".b.c")).isEqualTo(401);
        assertThat(status("eyJ" + "a".repeat(9_000) + ".b.c")).isEqualTo(401);
    }

    @Test
    void endsATokenAtItsTimeThoughItIsRemembered() {
        // The clocks may differ by a minute.
        Instant end = gateway.now().minusSeconds(53);
        String token = ISSUER.sign(claims().expirationTime(Date.from(end)));
        assertThat(status(token)).isEqualTo(200);
        long deadline = System.nanoTime() + RunningGateway.DEADLINE.toNanos();
        while (status(token) == 200) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(gateway.now()).isAfterOrEqualTo(end.plusSeconds(60).minusSeconds(1));
    }

    @Test
    void recordsWhoChangedSomething() {
        String boss = ISSUER.sign(ISSUER.claims("acme", "boss"));
        assertThat(gateway.postAs(boss, "/v1/endpoints", "{\"name\":\"by token\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.getAs(boss, "/v1/audit?action=endpoint.create")
                        .json()
                        .at("/items/0/actor")
                        .stringValue())
                .isEqualTo("%s#alice", ISSUER.url());
    }

    @Test
    void goesOnWithKnownKeysWhileUnknownOnesFloodAndTheProviderIsAway() throws JOSEException {
        assertThat(status(FLOODED.sign(FLOODED.claims("acme", "boss")))).isEqualTo(200);
        RSAKey key = new RSAKeyGenerator(2048).generate();
        for (int i = 0; i < 50; i++) {
            RSAKey unknown = new RSAKey.Builder(key).keyID("unknown-" + i).build();
            assertThat(status(FLOODED.sign(JWSAlgorithm.RS256, unknown, FLOODED.claims("acme", "boss"))))
                    .isEqualTo(401);
        }
        assertThat(FLOODED.fetches).hasValueLessThanOrEqualTo(3);
        FLOODED.away = true;
        assertThat(status(FLOODED.sign(FLOODED.claims("acme", "boss").subject("bob"))))
                .isEqualTo(200);
    }

    @Test
    void saysThatATokenCannotBeVerifiedWithoutKeys() {
        Answer refused = gateway.getAs(ABSENT.sign(ABSENT.claims("acme", "boss")), "/v1/events");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotEmpty();
        assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/events").status())
                .isEqualTo(200);
    }

    private static void assertRefused(String reason, JWTClaimsSet.Builder claims) {
        Answer answer = gateway.getAs(ISSUER.sign(claims), "/v1/events");
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.json().path("detail").stringValue()).contains(reason);
        assertThat(answer.header("www-authenticate")).startsWith("Bearer");
    }

    private static JWTClaimsSet.Builder claims() {
        return ISSUER.claims("acme", "boss");
    }

    private static int status(String token) {
        return gateway.getAs(token, "/v1/events").status();
    }
}
