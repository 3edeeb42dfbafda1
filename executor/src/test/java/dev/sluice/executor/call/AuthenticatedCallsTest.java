package dev.sluice.executor.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.Authority.Answer;
import dev.sluice.executor.call.Authority.Asked;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Calls that say who makes them, over sockets, to an authority and an upstream that do as they like. */
final class AuthenticatedCallsTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String OAUTH = """
            oauth2:
              authority: AUTHORITY/{tenant}
              grant: client_credentials
              client: { id: me, secret: "s&cret" }
              scopes: [ a, b ]
              audiences: [ x, y ]
            """;

    private final Adjusted clock = new Adjusted();
    private final OutboundClient client =
            new OutboundClient(OutboundSettings.DEFAULT, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.0/8"))));
    private final HttpCalls caller = new HttpCalls(new Authenticators(client, clock), 10_000);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void sayBasicAndBearer() {
        try (Authority upstream = new Authority(asked -> Answer.of(200, "{}"))) {
            succeeds(call(upstream, "basic: { username: \"${ .user }\", password: \"pässword:\" }"));
            succeeds(call(upstream, "bearer: { token: \"${ .user }\" }"));

            String pair = Base64.getEncoder().encodeToString("jo:pässword:".getBytes(StandardCharsets.UTF_8));
            assertThat(upstream.asked("/up"))
                    .extracting(Asked::authorization)
                    .containsExactly("Basic " + pair, "Bearer jo");
        }
    }

    @Test
    void answerADigestChallengeOnce() {
        try (Authority upstream = new Authority(asked -> asked.authorization().contains("response=")
                ? Answer.of(200, "{\"in\":true}")
                : new Answer(401, "{}", Duration.ZERO, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""))) {
            StepVerifier.create(call(upstream, "digest: { username: jo, password: secret }"))
                    .assertNext(output ->
                            assertThat(output.path("in").booleanValue()).isTrue())
                    .verifyComplete();

            assertThat(upstream.asked("/up")).hasSize(2);
        }
        try (Authority stubborn = new Authority(
                asked -> new Answer(401, "{}", Duration.ZERO, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""))) {
            fails(call(stubborn, "digest: { username: jo, password: secret }"), "communication", 401, "status 401");
            assertThat(stubborn.asked("/up")).hasSize(2);
        }
    }

    @Test
    void askForATokenOnceHoweverManyWantIt() {
        try (Authority both = new Authority(asked -> asked.target().startsWith("/up")
                ? Answer.of(200, "{}")
                : new Answer(200, "{\"access_token\":\"t1\",\"expires_in\":100}", Duration.ofMillis(200), ""))) {
            StepVerifier.create(Flux.range(0, 50).flatMap(number -> call(both, OAUTH), 50))
                    .expectNextCount(50)
                    .expectComplete()
                    .verify(DEADLINE);

            assertThat(both.asked("/up"))
                    .hasSize(50)
                    .allMatch(asked -> asked.authorization().equals("Bearer t1"));
            assertThat(both.asked("/acme")).singleElement().satisfies(asked -> {
                assertThat(asked.target()).isEqualTo("/acme/oauth2/token");
                assertThat(asked.body())
                        .isEqualTo("grant_type=client_credentials&scope=a+b&audience=x&audience=y"
                                + "&client_id=me&client_secret=s%26cret");
            });
        }
    }

    @Test
    void leaveARequestForATokenToOthersWhenOneGoesAway() {
        try (Authority both = new Authority(asked -> asked.target().startsWith("/up")
                ? Answer.of(200, "{}")
                : new Answer(200, "{\"access_token\":\"t1\",\"expires_in\":100}", Duration.ofMillis(300), ""))) {
            var first = call(both, OAUTH).subscribe(output -> {}, error -> {});
            Mono<JsonNode> second = call(both, OAUTH).cache();
            var waiting = second.subscribe(output -> {}, error -> {});
            first.dispose();

            StepVerifier.create(second).expectNextCount(1).expectComplete().verify(DEADLINE);
            assertThat(both.asked("/acme")).hasSize(1);
            assertThat(waiting.isDisposed()).isTrue();
        }
    }

    @Test
    void haveANewTokenShortlyBeforeTheOldOneExpires() {
        try (Authority both = granting("\"expires_in\":100")) {
            succeeds(call(both, OAUTH));
            clock.forward(Duration.ofSeconds(79));
            succeeds(call(both, OAUTH));
            assertThat(both.asked("/acme")).hasSize(1);

            clock.forward(Duration.ofSeconds(2));
            succeeds(call(both, OAUTH));
            assertThat(both.asked("/acme")).hasSize(2);
            assertThat(both.asked("/up"))
                    .extracting(Asked::authorization)
                    .containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
        }
    }

    @Test
    void replaceATokenThatWasRevokedOnce() {
        try (Authority both = granting(
                "\"expires_in\":3600",
                asked -> asked.authorization().equals("Bearer t1") && clock.moved() ? 401 : 200)) {
            succeeds(call(both, OAUTH));
            clock.forward(Duration.ofMinutes(1));
            succeeds(call(both, OAUTH));

            assertThat(both.asked("/up"))
                    .extracting(Asked::authorization)
                    .containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
        }
    }

    @Test
    void doNotAskAgainForATokenThatWasJustGiven() {
        try (Authority both = granting("\"expires_in\":3600", asked -> 401)) {
            fails(call(both, OAUTH), "communication", 401, "status 401");

            assertThat(both.asked("/acme")).hasSize(1);
            assertThat(both.asked("/up")).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":\"invalid_client\"}                  | authentication | 401 | status 400, invalid_client.",
                "401 | {\"error\":\"<script>s&cret\"}                  | authentication | 401 | status 401.",
                "500 | oops                                            | communication  | 502 | status 500.",
                "200 | {}                                              | communication  | 502 | status 200.",
                "200 | {\"access_token\":\"t\",\"token_type\":\"mac\"} | communication  | 502 | no bearer token",
            })
    void sayWhatBecameOfATokenAndAskAgainNextTime(int status, String body, String type, int own, String detail) {
        try (Authority both = new Authority(
                asked -> asked.target().startsWith("/up") ? Answer.of(200, "{}") : Answer.of(status, body))) {
            fails(call(both, OAUTH), type, own, detail);
            fails(call(both, OAUTH), type, own, detail);

            assertThat(both.asked("/up")).isEmpty();
            assertThat(both.asked("/acme")).hasSize(2);
        }
    }

    @Test
    void sayThatNobodyIsThere() {
        Authority gone = new Authority(asked -> Answer.of(200, "{}"));
        gone.close();

        fails(call(gone, OAUTH), "communication", 502, "The authority cannot be asked: connect.");
    }

    @Test
    void findTheTokenEndpointOfAnIssuerAndRememberIt() {
        String oidc = "oidc: { authority: AUTHORITY/realm, grant: password, username: jo, password: p, "
                + "client: { id: me, secret: s, authentication: client_secret_basic } }";
        try (Authority both = new Authority(asked -> switch (asked.target()) {
            case "/realm/.well-known/openid-configuration" ->
                Answer.of(200, "{\"token_endpoint\":\"URL/token\"}".replace("URL", self(asked)));
            case "/token" -> Answer.of(200, "{\"access_token\":\"t\",\"expires_in\":5}");
            default -> Answer.of(200, "{}");
        })) {
            here = both.url();
            succeeds(call(both, oidc));
            clock.forward(Duration.ofSeconds(6));
            succeeds(call(both, oidc));

            assertThat(both.asked("/realm")).hasSize(1);
            assertThat(both.asked("/token")).hasSize(2).allSatisfy(asked -> {
                assertThat(asked.body()).isEqualTo("grant_type=password&username=jo&password=p");
                assertThat(asked.authorization()).isEqualTo("Basic bWU6cw==");
            });
        }
    }

    @Test
    void speakEveryGrantAndMethodOfTheReference() {
        try (Authority both = granting("\"expires_in\":1")) {
            String client = "client: { id: me, authentication: none }";
            token(both, "grant: refresh_token, subject: { token: r, type: t }, " + client);
            token(both, "grant: authorization_code, subject: { token: c, type: t }, " + client);
            token(
                    both,
                    "grant: 'urn:ietf:params:oauth:grant-type:token-exchange', subject: { token: s, type: st }, "
                            + "actor: { token: a, type: at }, " + client);
            token(
                    both,
                    "grant: client_credentials, request: { encoding: application/json }, audiences: [ x, y ], "
                            + client);
            token(
                    both,
                    "grant: client_credentials, client: { id: me, authentication: private_key_jwt, assertion: ey }");
            token(
                    both,
                    "grant: client_credentials, client: { id: me, authentication: client_secret_jwt, secret: "
                            + "s".repeat(32) + " }");

            List<String> bodies = both.asked("/acme").stream().map(Asked::body).toList();
            assertThat(bodies.subList(0, 5))
                    .containsExactly(
                            "grant_type=refresh_token&refresh_token=r&client_id=me",
                            "grant_type=authorization_code&code=c&client_id=me",
                            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=s"
                                    + "&subject_token_type=st&actor_token=a&actor_token_type=at&client_id=me",
                            "{\"grant_type\":\"client_credentials\",\"audience\":[\"x\",\"y\"],\"client_id\":\"me\"}",
                            "grant_type=client_credentials&client_id=me&client_assertion_type="
                                    + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=ey");
            assertThat(bodies.get(5)).matches(".*&client_assertion=[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
        }
    }

    @Test
    void takeNoTokenOfAnotherIssuer() {
        String token = part("{\"alg\":\"none\"}") + "." + part("{\"iss\":\"https://evil\"}") + ".";
        String policy = OAUTH.replace("grant:", "issuers: [ https://good ]\n  grant:");
        try (Authority both = new Authority(asked -> Answer.of(200, "{\"access_token\":\"" + token + "\"}"))) {
            fails(call(both, policy), "authentication", 401, "issued by none of 'issuers'");
        }
        try (Authority both = new Authority(asked -> Answer.of(200, "{\"access_token\":\"opaque\"}"))) {
            fails(call(both, policy), "authentication", 401, "does not say by whom");
        }
    }

    private String here = "";

    private String self(Asked asked) {
        return asked.target().isEmpty() ? "" : here;
    }

    private Authority granting(String expiry) {
        return granting(expiry, asked -> 200);
    }

    private Authority granting(String expiry, Function<Asked, Integer> status) {
        var given = new AtomicInteger();
        return new Authority(asked -> asked.target().startsWith("/up")
                ? Answer.of(status.apply(asked), "{}")
                : Answer.of(200, "{\"access_token\":\"t" + given.incrementAndGet() + "\"," + expiry + "}"));
    }

    private void token(Authority both, String settings) {
        succeeds(call(both, "oauth2: { authority: 'AUTHORITY/{tenant}', " + settings + " }"));
    }

    private Mono<JsonNode> call(Authority both, String policy) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: calls, version: '1.0.0' }
                use:
                  authentications:
                    mine:
                POLICY
                do:
                  - a: { call: http, with: { method: get, endpoint: { uri: URL/up, authentication: { use: mine } } } }
                """.replace("POLICY", policy.indent(6).stripTrailing())
                .replace("AUTHORITY", both.url())
                .replace("URL", both.url());
        Task task = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML)
                .tasks()
                .tasks()
                .getFirst();
        return caller.prepare((HttpCall) ((Task.MakeCall) task).call(), invocation())
                .flatMap(Caller.Prepared::make);
    }

    private static Invocation invocation() {
        var threads = EvaluationThreads.of(Allowance.LIMITS, 1, 100, Schedulers.parallel());
        return new Invocation(
                ORGANIZATION,
                Json.object().put("user", "jo").put("tenant", "acme"),
                Arguments.NONE,
                threads.of(ORGANIZATION),
                "/do/0/a",
                "key",
                null,
                DEADLINE,
                () -> true);
    }

    private static void succeeds(Mono<JsonNode> call) {
        StepVerifier.create(call).expectNextCount(1).expectComplete().verify(DEADLINE);
    }

    private static void fails(Mono<JsonNode> call, String type, int status, String detail) {
        StepVerifier.create(call).verifyErrorSatisfies(error -> {
            assertThat(error).isInstanceOf(CallFailure.class);
            var failure = ((CallFailure) error).error();
            assertThat(failure.type()).endsWith("/errors/" + type);
            assertThat(failure.status()).isEqualTo(status);
            assertThat(failure.detail()).contains(detail).doesNotContain("s&cret");
        });
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Goes on when it is told to. */
    private static final class Adjusted extends Clock {

        private volatile Duration ahead = Duration.ZERO;

        void forward(Duration by) {
            ahead = ahead.plus(by);
        }

        boolean moved() {
            return !ahead.isZero();
        }

        @Override
        public Instant instant() {
            return Instant.parse("2026-01-01T00:00:00Z").plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
