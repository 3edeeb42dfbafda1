package dev.sluice.executor.call.mcp;

import static dev.sluice.executor.call.RpcCalls.DEADLINE;
import static dev.sluice.executor.call.RpcCalls.fails;
import static dev.sluice.executor.call.RpcCalls.outcomeIsUnknown;
import static dev.sluice.executor.call.RpcCalls.output;
import static dev.sluice.executor.call.mcp.McpScripts.answered;
import static dev.sluice.executor.call.mcp.McpScripts.server;
import static dev.sluice.executor.call.mcp.McpScripts.tool;
import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.RpcCalls;
import dev.sluice.executor.call.RpcPeer;
import dev.sluice.executor.call.RpcPeer.Script;
import dev.sluice.executor.journal.FencedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Calls of servers of MCP that refuse, are lost, say what nobody understands, or take their time. */
final class McpFailuresTest {

    /** Enough for a session on a busy machine, once a client has made its first call. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final String HELLO =
            "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    private final RpcCalls calls = new RpcCalls();

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void beginASessionThatIsLostOnceMore() {
        AtomicInteger sessions = new AtomicInteger();
        Script forgetful = (asked, response) -> switch (asked.method()) {
            case "initialize" ->
                RpcPeer.json(
                        response.header("Mcp-Session-Id", "session-" + sessions.incrementAndGet()),
                        RpcPeer.result(asked, HELLO));
            case "tools/call" ->
                asked.header("mcp-session-id").equals("session-1")
                        ? RpcPeer.status(response, 404)
                        : answered(asked, response, "{}");
            default -> RpcPeer.status(response, 202);
        };
        try (RpcPeer server = new RpcPeer(forgetful)) {
            assertThat(output(calls.call(tool(server)))).isEmpty();
            assertThat(server.asked("tools/call")).hasSize(2);
            assertThat(server.asked())
                    .filteredOn(one -> one.verb().equals("DELETE"))
                    .singleElement()
                    .satisfies(end -> assertThat(end.header("mcp-session-id")).isEqualTo("session-2"));
        }
        try (RpcPeer server = new RpcPeer(server((asked, response) -> RpcPeer.status(response, 404)))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "communication", 404, "status 404"))
                    .isFalse();
            assertThat(server.asked("tools/call")).hasSize(2);
            assertThat(server.said()).doesNotContain("DELETE", "notifications/cancelled");
        }
    }

    @ParameterizedTest
    @CsvSource({"302, status 302.", "400, status 400: error -32600: no", "401, status 401", "500, status 500"})
    void failWithTheStatusOfWhateverIsRefused(int status, String detail) {
        try (RpcPeer server = new RpcPeer(server((asked, response) -> RpcPeer.json(
                response.status(status), status == 400 ? RpcPeer.error(asked, -32600, "no") : "<html>")))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "communication", status, detail))
                    .isFalse();
            assertThat(server.said())
                    .containsExactly("initialize", "notifications/initialized", "tools/call", "DELETE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2099-01-01", "", "<script>"})
    void refuseVersionsThatTheyDoNotKnow(String version) {
        try (RpcPeer server = new RpcPeer((asked, response) ->
                RpcPeer.json(response, RpcPeer.result(asked, "{\"protocolVersion\":\"" + version + "\"}")))) {
            assertThat(outcomeIsUnknown(
                            calls.call(tool(server)), "runtime", 500, "none of 2025-03-26, 2025-06-18, 2025-11-25"))
                    .isFalse();
            assertThat(server.said()).containsExactly("initialize");
        }
    }

    @Test
    void doNotKnowTheOutcomeWhenTheAnswerCannotBeUnderstood() {
        unknown((asked, response) -> RpcPeer.status(response, 202), "without an answer");
        unknown(
                (asked, response) -> RpcPeer.json(response, "{\"jsonrpc\":\"2.0\",\"id\":\"98\",\"result\":1}"),
                "without");
        unknown((asked, response) -> RpcPeer.json(response, "{ half"), "says it is JSON and is not");
        unknown((asked, response) -> RpcPeer.json(response, "[1, 2]"), "not JSON-RPC");
        unknown((asked, response) -> RpcPeer.json(response, "{\"id\":\"2\",\"result\":1}"), "not JSON-RPC");
        unknown((asked, response) -> RpcPeer.events(response, Flux.just("garbage")), "is JSON and is not");
        unknown(
                (asked, response) ->
                        response.header("Content-Type", "text/html").sendString(Mono.just("<p>")),
                "neither JSON nor a stream");
        unknown(
                (asked, response) -> RpcPeer.events(response, Flux.just("{\"jsonrpc\":\"2.0\",\"method\":\"n\"}")),
                "without an answer");
        unknown(
                (asked, response) -> response.sse()
                        .sendString(Flux.just("data: {\n").concatWith(Mono.error(new IllegalStateException("cut")))),
                "lost before the response was complete");
    }

    private void unknown(Script script, String detail) {
        try (RpcPeer server = new RpcPeer(server(script))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "communication", 502, detail))
                    .describedAs(detail)
                    .isTrue();
        }
    }

    @Test
    void endAtTheBoundsOfAServerThatHasNone() {
        String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}";
        try (RpcPeer endless = new RpcPeer(server((asked, response) ->
                RpcPeer.events(response, Flux.just(notification).repeat())))) {
            fails(calls.call(tool(endless)), "communication", 502, "larger than allowed");
        }
        try (RpcPeer giant = new RpcPeer(server((asked, response) ->
                RpcPeer.json(response, RpcPeer.result(asked, "\"" + "x".repeat(RpcCalls.MOST_BYTES) + "\""))))) {
            assertThat(outcomeIsUnknown(calls.call(tool(giant)), "communication", 502, "larger than allowed"))
                    .isFalse();
        }
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        try (RpcPeer curious = new RpcPeer(server(
                (asked, response) -> RpcPeer.events(response, Flux.just(ping).repeat(200))))) {
            assertThat(outcomeIsUnknown(calls.call(tool(curious)), "runtime", 500, "asks back without end"))
                    .isTrue();
        }
    }

    @Test
    void areOverWhenTheirTimeIsAndSayThatNobodyWaits() {
        Script ready = server((asked, response) -> answered(asked, response, "{}"));
        try (RpcPeer server = new RpcPeer(ready)) {
            assertThat(output(calls.call(tool(server)))).isEmpty();
        }
        try (RpcPeer server = new RpcPeer(server((asked, response) -> RpcPeer.events(response, Flux.never())))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server), LIMIT, () -> true), "timeout", 408, "in time"))
                    .isTrue();
            assertThat(server.said())
                    .containsExactly(
                            "initialize",
                            "notifications/initialized",
                            "tools/call",
                            "notifications/cancelled",
                            "DELETE");
            assertThat(server.asked("notifications/cancelled")
                            .getFirst()
                            .body()
                            .path("params")
                            .path("requestId"))
                    .isEqualTo(server.asked("tools/call").getFirst().body().path("id"));

            String own = tool(server) + "  timeout: PT3S\n";
            assertThat(outcomeIsUnknown(calls.call(own), "timeout", 408, "in time"))
                    .isTrue();
        }
        try (RpcPeer silent = new RpcPeer((asked, response) -> Mono.never())) {
            assertThat(outcomeIsUnknown(calls.call(tool(silent), LIMIT, () -> true), "timeout", 408, "in time"))
                    .isFalse();
            assertThat(silent.said()).containsExactly("initialize");
        }
    }

    @Test
    void areNotKeptFromTheirResultByAServerThatDoesNotSayGoodbye() {
        Script script = server((asked, response) -> answered(asked, response, "{}"));
        try (RpcCalls hasty = new RpcCalls(Duration.ofMillis(500));
                RpcPeer server = new RpcPeer((asked, response) ->
                        asked.verb().equals("DELETE") ? Mono.never() : script.answer(asked, response))) {
            assertThat(output(hasty.call(tool(server)).timeout(Duration.ofSeconds(5))))
                    .isEmpty();
        }
    }

    @Test
    void closeTheConnectionAndSaySoWhenCancelled() {
        AtomicBoolean closed = new AtomicBoolean();
        try (RpcPeer server = new RpcPeer(server((asked, response) -> {
            response.withConnection(connection -> connection.onDispose(() -> closed.set(true)));
            return RpcPeer.events(response, Flux.never());
        }))) {
            StepVerifier.create(calls.call(tool(server)))
                    .then(() -> server.await(one -> one.method().equals("tools/call")))
                    .thenCancel()
                    .verify(DEADLINE);
            server.await(one -> one.method().equals("notifications/cancelled"));
            server.await(one -> one.verb().equals("DELETE"));
            eventually(closed::get);
        }
    }

    @Test
    void areNotMadeWhenTheyMayNotBeMade() {
        AtomicInteger times = new AtomicInteger();
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, "{}")))) {
            StepVerifier.create(calls.call(tool(server), DEADLINE, () -> times.incrementAndGet() < 3))
                    .expectError(FencedException.class)
                    .verify(DEADLINE);
            assertThat(server.said()).containsExactly("initialize", "notifications/initialized");
        }
    }

    @Test
    void takeAStreamUpAgainAfterTheLastEvent() {
        AtomicInteger gets = new AtomicInteger();
        Script call = server((asked, response) -> RpcPeer.raw(response, Flux.just("id: e1\nretry: 100\ndata: \n\n")));
        Script script = (asked, response) -> {
            if (!asked.verb().equals("GET")) {
                return call.answer(asked, response);
            }
            return gets.incrementAndGet() == 1
                    ? RpcPeer.raw(response, Flux.just("id: e2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n"))
                    : RpcPeer.events(response, Flux.just("{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"result\":{\"late\":1}}"));
        };
        try (RpcPeer server = new RpcPeer(script)) {
            assertThat(output(calls.call(tool(server)))).hasToString("{\"late\":1}");
            assertThat(server.asked())
                    .filteredOn(one -> one.verb().equals("GET"))
                    .extracting(one -> one.header("last-event-id"))
                    .containsExactly("e1", "e2");
            assertThat(server.asked("tools/call")).hasSize(1);
        }
        try (RpcPeer server = new RpcPeer((asked, response) ->
                asked.verb().equals("GET") ? RpcPeer.status(response, 405) : call.answer(asked, response))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "communication", 405, "status 405"))
                    .isTrue();
        }
        // The tool may have been called, though nobody can ask for the rest with such an id.
        try (RpcPeer server = new RpcPeer(
                server((asked, response) -> RpcPeer.raw(response, Flux.just("id: \u2192\nretry: 100\ndata: \n\n"))))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "configuration", 400, "header"))
                    .isTrue();
        }
    }
}
