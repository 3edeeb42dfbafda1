package dev.sluice.executor.call.mcp;

import static dev.sluice.executor.call.RpcCalls.fails;
import static dev.sluice.executor.call.RpcCalls.outcomeIsUnknown;
import static dev.sluice.executor.call.RpcCalls.output;
import static dev.sluice.executor.call.mcp.McpScripts.answered;
import static dev.sluice.executor.call.mcp.McpScripts.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.RpcCalls;
import dev.sluice.executor.call.RpcPeer;
import dev.sluice.executor.call.RpcPeer.Script;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Calls whose transport has options: they end long before every call would. */
final class McpOptionsTest {

    private static final String NOTIFICATION = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}";

    private final RpcCalls calls = new RpcCalls();

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void doNotWaitForAServerThatSaysNothing() {
        try (RpcPeer deaf = new RpcPeer(server((asked, response) -> Mono.never()))) {
            assertThat(outcomeIsUnknown(call(deaf, "idleTimeout: PT0.3S"), "timeout", 408, "in time"))
                    .isTrue();
            assertThat(deaf.said()).contains("notifications/cancelled");
        }
        try (RpcPeer dumb = new RpcPeer((asked, response) -> Mono.never())) {
            assertThat(outcomeIsUnknown(call(dumb, "idleTimeout: '${ \"PT0.3S\" }'"), "timeout", 408, "in time"))
                    .isFalse();
        }
        try (RpcPeer stuck = new RpcPeer(server((asked, response) ->
                RpcPeer.events(response, Flux.just(NOTIFICATION).concatWith(Flux.never()))))) {
            assertThat(outcomeIsUnknown(call(stuck, "idleTimeout: PT0.3S"), "timeout", 408, "in time"))
                    .isTrue();
        }
    }

    @Test
    void waitForAServerThatSaysSomethingNowAndThen() {
        try (RpcPeer slow = new RpcPeer(server((asked, response) -> RpcPeer.events(
                response,
                Flux.interval(Duration.ofMillis(200))
                        .take(10)
                        .map(tick -> NOTIFICATION)
                        .concatWithValues(RpcPeer.result(asked, "{\"late\":true}")))))) {
            assertThat(output(call(slow, "idleTimeout: PT1.5S"))).hasToString("{\"late\":true}");
        }
    }

    @Test
    void takeASilentStreamUpAgainWhereThatIsPossible() {
        Script call = server((asked, response) -> RpcPeer.raw(
                response, Flux.just("id: e1\nretry: 100\ndata: \n\n").concatWith(Flux.never())));
        try (RpcPeer server = new RpcPeer((asked, response) -> asked.verb().equals("GET")
                ? RpcPeer.events(response, Flux.just("{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"result\":{\"late\":1}}"))
                : call.answer(asked, response))) {
            assertThat(output(call(server, "idleTimeout: PT0.3S"))).hasToString("{\"late\":1}");
            assertThat(server.asked("tools/list")).hasSize(1);
        }
    }

    @Test
    void takeNoLargerAnswerThanTheyWant() {
        String text = "\"" + "x".repeat(1_000) + "\"";
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, text)))) {
            fails(call(server, "maxResponseBytes: '1000'"), "communication", 502, "larger than allowed");
            assertThat(output(call(server, "maxResponseBytes: '2000'")).asString())
                    .hasSize(1_000);
            assertThat(output(call(server, "maxResponseBytes: '${ 2000 }'")).asString())
                    .hasSize(1_000);
        }
        String giant = "\"" + "x".repeat(RpcCalls.MOST_BYTES) + "\"";
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, giant)))) {
            fails(call(server, "maxResponseBytes: '999999999'"), "communication", 502, "larger than allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxResponseBytes: '${ 0 }'",
                "maxResponseBytes: '${ [1] }'",
                "maxResponseBytes: '${ 1.5 }'",
                "idleTimeout: PT0S"
            })
    void areNotMadeWithWhatIsNoOption(String option) {
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, "{}")))) {
            fails(call(server, option), "configuration", 400, "The option '");
            assertThat(server.asked()).isEmpty();
        }
    }

    private Mono<JsonNode> call(RpcPeer server, String option) {
        return calls.call("""
                        call: mcp
                        with:
                          method: tools/list
                          transport: { http: { endpoint: URL }, options: { OPTION } }
                        """.replace("URL", server.url()).replace("OPTION", option))
                .timeout(RpcCalls.DEADLINE.dividedBy(2));
    }
}
