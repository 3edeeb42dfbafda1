package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** Logins by an installation of GitHub, which has no ID tokens; a scripted one that answers as its documentation says. */
final class GitHubLoginIT {

    private static final LoopResources LOOPS = LoopResources.create("scripted-github", 1, true);
    private static DisposableServer server;
    private static RunningGateway gateway;
    private static People people;
    private static volatile String user = "";
    private static volatile String emails = "";

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .runOn(LOOPS)
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post("/login/oauth/access_token", GitHubLoginIT::exchange)
                        .get("/api/v3/user", (request, response) -> answer(request, response, user))
                        .get("/api/v3/user/emails", (request, response) -> answer(request, response, emails)))
                .bindNow(Duration.ofSeconds(10));
        String name = "sluice.identity.login-providers[0].";
        gateway = RunningGateway.start(
                name + "id=github",
                name + "preset=github",
                name + "name=GitHub",
                name + "issuer=http://127.0.0.1:" + server.port(),
                name + "client-id=Iv1.test",
                name + "client-secret=github-secret");
        people = new People(gateway, gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        server.disposeNow(Duration.ofSeconds(5));
        LOOPS.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(RunningGateway.DEADLINE);
    }

    @Test
    void knowsAnAccountByItsNumberAndAPersonByTheirVerifiedPrimaryAddress() {
        assertThat(people.member(gateway.newOrganization("github"), "octo@example.com", "viewer"))
                .isNotEmpty();
        user = "{\"id\":583231,\"login\":\"octocat\",\"name\":null}";
        emails = emails("octo@example.com", true, false);
        assertThat(logIn("good").status()).as("not verified").isEqualTo(403);
        emails = emails("octo@example.com", false, true);
        assertThat(logIn("good").status()).as("not the primary one").isEqualTo(403);
        emails = emails("octo@example.com", true, true);
        assertThat(logIn("good").status()).isEqualTo(303);
        // Who has taken the name over is somebody else; who has renamed themselves is not.
        emails = "[]";
        user = "{\"id\":1,\"login\":\"octocat\",\"name\":null}";
        assertThat(logIn("good").status()).isEqualTo(403);
        user = "{\"id\":583231,\"login\":\"renamed\",\"name\":null}";
        assertThat(logIn("good").status()).isEqualTo(303);
    }

    @Test
    void refusesWhatIsNotGood() {
        emails = "[]";
        user = "{\"login\":\"octocat\"}";
        assertThat(logIn("good").status()).as("no id").isEqualTo(502);
        user = "{\"id\":\"583231\"}";
        assertThat(logIn("good").status()).as("no number").isEqualTo(502);
        assertThat(logIn("expired").status()).isEqualTo(401);
        assertThat(logIn("without").status()).isEqualTo(502);
        user = "{\"id\":5}";
        emails = "hidden";
        assertThat(logIn("good").status()).as("addresses that it may not see").isEqualTo(403);
    }

    private static String emails(String address, boolean primary, boolean verified) {
        return "[{\"email\":\"other@example.com\",\"primary\":" + !primary + ",\"verified\":true},{\"email\":\""
                + address + "\",\"primary\":" + primary + ",\"verified\":" + verified + "}]";
    }

    private static Answer logIn(String code) {
        Browser browser = new Browser();
        URI url = URI.create(browser.begin(gateway, "github", "{}"));
        Map<String, String> asked = ScriptedLogins.fields(url.getRawQuery());
        assertThat(url.getPath()).isEqualTo("/login/oauth/authorize");
        assertThat(asked).containsEntry("scope", "read:user user:email").doesNotContainKey("nonce");
        return browser.callback(gateway, "github", "code=" + code + "&state=" + asked.get("state"));
    }

    private static Publisher<Void> exchange(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asString().flatMap(form -> {
            Map<String, String> fields = ScriptedLogins.fields(form);
            boolean known = "github-secret".equals(fields.get("client_secret")) && fields.containsKey("code_verifier");
            // GitHub says 200 to everything.
            String answer = switch (fields.getOrDefault("code", "")) {
                case "good" -> "{\"access_token\":\"gho_1\",\"token_type\":\"bearer\"}";
                case "without" -> "{}";
                default -> "{\"error\":\"bad_verification_code\"}";
            };
            return Mono.from(
                    ScriptedLogins.json(response, known ? answer : "{\"error\":\"incorrect_client_credentials\"}"));
        });
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response, String text) {
        if (text.equals("hidden")) {
            return ScriptedLogins.json(response.status(404), "{\"message\":\"Not Found\"}");
        }
        return "Bearer gho_1".equals(request.requestHeaders().get("Authorization"))
                        && request.requestHeaders().contains("User-Agent")
                ? ScriptedLogins.json(response, text)
                : response.status(401).send();
    }
}
