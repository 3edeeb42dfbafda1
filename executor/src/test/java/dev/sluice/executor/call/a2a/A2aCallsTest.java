package dev.sluice.executor.call.a2a;

import static dev.sluice.executor.call.RpcCalls.DEADLINE;
import static dev.sluice.executor.call.RpcCalls.fails;
import static dev.sluice.executor.call.RpcCalls.outcomeIsUnknown;
import static dev.sluice.executor.call.RpcCalls.output;
import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.RpcCalls;
import dev.sluice.executor.call.RpcPeer;
import dev.sluice.executor.call.RpcPeer.Asked;
import dev.sluice.executor.call.RpcPeer.Script;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.journal.FencedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Calls of agents that do as they like. */
final class A2aCallsTest {

    /** Enough to be asked on a busy machine, once a client has made its first call. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final String TASK =
            "{\"kind\":\"task\",\"id\":\"t\",\"contextId\":\"c\",\"status\":{\"state\":\"working\"}}";
    private static final String FINAL =
            "{\"kind\":\"status-update\",\"taskId\":\"t\",\"status\":{\"state\":\"completed\"},\"final\":true}";

    private final RpcCalls calls = new RpcCalls();

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void sendMessagesWithWhatTheirAuthorsLeaveOut() {
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.json(response, RpcPeer.result(asked, TASK)))) {
            String parts =
                    "parameters: { message: { parts: [ { kind: text, text: '${ .city }' } ] }, metadata: { a: 1 } }";
            assertThat(output(calls.call(task(agent, "message/send", parts)))).hasToString(TASK);
            assertThat(output(calls.call(task(agent, "message/send", parts)))).hasToString(TASK);

            Asked asked = agent.asked().getFirst();
            assertThat(asked.headers())
                    .containsEntry("accept", "application/json")
                    .containsEntry("content-type", "application/json")
                    .containsEntry("idempotency-key", "the-key")
                    .containsKey("traceparent");
            JsonNode message = asked.body().path("params").path("message");
            assertThat(asked.body().path("jsonrpc").asString()).isEqualTo("2.0");
            assertThat(message.path("role").asString()).isEqualTo("user");
            assertThat(message.path("kind").asString()).isEqualTo("message");
            assertThat(UUID.fromString(message.path("messageId").asString())).isNotNull();
            assertThat(message.path("parts").path(0).path("text").asString()).isEqualTo("Ulm");
            assertThat(asked.body().path("params").path("metadata")).hasToString("{\"a\":1}");
            // A repetition is the same message.
            assertThat(agent.asked().get(1).body()).isEqualTo(asked.body());
        }
    }

    @Test
    void leaveWhatTheirAuthorsSay() {
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.json(response, RpcPeer.result(asked, "null")))) {
            String own = "parameters: { message: { role: agent, messageId: mine, parts: [] } }";
            assertThat(output(calls.call(task(agent, "message/send", own))).isNull())
                    .isTrue();
            assertThat(agent.asked().getFirst().body().path("params").path("message"))
                    .hasToString("{\"kind\":\"message\",\"role\":\"agent\",\"messageId\":\"mine\",\"parts\":[]}");

            assertThat(output(calls.call(task(agent, "tasks/get", "parameters: '${ {id: .user} }'")))
                            .isNull())
                    .isTrue();
            assertThat(agent.asked("tasks/get").getFirst().body().path("params"))
                    .hasToString("{\"id\":\"jo\"}");

            assertThat(output(calls.call(task(agent, "agent/getAuthenticatedExtendedCard", "")))
                            .isNull())
                    .isTrue();
            assertThat(agent.asked("agent/getAuthenticatedExtendedCard")
                            .getFirst()
                            .body()
                            .has("params"))
                    .isFalse();
        }
    }

    @Test
    void giveAllResultsOfAStreamUpToTheFinalOne() {
        AtomicBoolean closed = new AtomicBoolean();
        Script script = (asked, response) -> RpcPeer.events(
                response,
                Flux.just(RpcPeer.result(asked, TASK), RpcPeer.result(asked, FINAL))
                        .concatWith(Flux.never())
                        .doOnCancel(() -> closed.set(true)));
        try (RpcPeer agent = new RpcPeer(script)) {
            assertThat(output(calls.call(task(agent, "message/stream", "parameters: { message: { parts: [] } }"))))
                    .hasToString("[" + TASK + "," + FINAL + "]");
            Asked asked = agent.asked().getFirst();
            assertThat(asked.header("accept")).startsWith("text/event-stream");
            assertThat(asked.body().path("params").path("message").has("messageId"))
                    .isTrue();
        }
    }

    @Test
    void giveAllResultsOfAStreamThatEnds() {
        try (RpcPeer agent = new RpcPeer((asked, response) ->
                RpcPeer.events(response, Flux.just(RpcPeer.result(asked, TASK), RpcPeer.result(asked, TASK))))) {
            assertThat(output(calls.call(task(agent, "tasks/resubscribe", "parameters: { id: t }"))))
                    .hasToString("[" + TASK + "," + TASK + "]");
        }
        try (RpcPeer plain = new RpcPeer((asked, response) -> RpcPeer.json(response, RpcPeer.result(asked, TASK)))) {
            assertThat(output(calls.call(task(plain, "message/stream", "")))).hasToString("[" + TASK + "]");
        }
    }

    @Test
    void failWithTheErrorsOfAgents() {
        try (RpcPeer agent = new RpcPeer(
                (asked, response) -> RpcPeer.json(response, RpcPeer.error(asked, -32001, "Task not found")))) {
            assertThat(outcomeIsUnknown(
                            calls.call(task(agent, "tasks/get", "")), "runtime", 500, "error -32001: Task not found"))
                    .isFalse();
        }
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.events(
                response, Flux.just(RpcPeer.result(asked, TASK), RpcPeer.error(asked, -32603, "broke"))))) {
            fails(calls.call(task(agent, "message/stream", "")), "runtime", 500, "error -32603: broke");
        }
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.status(response, 503))) {
            assertThat(outcomeIsUnknown(calls.call(task(agent, "tasks/get", "")), "communication", 503, "status 503"))
                    .isFalse();
        }
    }

    @Test
    void doNotKnowTheOutcomeWhenTheAnswerCannotBeUnderstood() {
        unknown("message/send", (asked, response) -> RpcPeer.status(response, 200), "without an answer");
        unknown("message/send", (asked, response) -> RpcPeer.json(response, "nonsense"), "JSON and is not");
        unknown("message/stream", (asked, response) -> RpcPeer.events(response, Flux.empty()), "without an answer");
        unknown(
                "message/stream",
                (asked, response) -> RpcPeer.events(
                        response,
                        Flux.just(RpcPeer.result(asked, TASK))
                                .concatWith(Mono.error(new IllegalStateException("cut")))),
                "lost before the response was complete");
    }

    private void unknown(String method, Script script, String detail) {
        try (RpcPeer agent = new RpcPeer(script)) {
            assertThat(outcomeIsUnknown(calls.call(task(agent, method, "")), "communication", 502, detail))
                    .describedAs(detail)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"message/send", "message/stream"})
    void endAtTheBoundsOfAnAgentThatHasNone(String method) {
        try (RpcPeer endless = new RpcPeer((asked, response) -> RpcPeer.events(
                response,
                Flux.just(RpcPeer.result(asked, TASK).replace("\"1\"", "\"7\"")).repeat()))) {
            fails(calls.call(task(endless, method, "")), "communication", 502, "larger than allowed");
        }
        AtomicInteger closed = new AtomicInteger();
        try (RpcPeer silent = new RpcPeer((asked, response) -> {
            response.withConnection(connection -> connection.onDispose(closed::incrementAndGet));
            return RpcPeer.events(response, Flux.never());
        })) {
            assertThat(outcomeIsUnknown(
                            calls.call(task(silent, method, ""), LIMIT, () -> true), "timeout", 408, "in time"))
                    .isTrue();
            StepVerifier.create(calls.call(task(silent, method, "")))
                    .then(() -> silent.await(one -> silent.asked().size() == 2))
                    .thenCancel()
                    .verify(DEADLINE);
            eventually(() -> closed.get() == 2);
        }
    }

    @Test
    void areNotMadeWhenTheyMayNotBeMade() {
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.json(response, RpcPeer.result(asked, TASK)))) {
            StepVerifier.create(calls.call(task(agent, "message/send", ""), DEADLINE, () -> false))
                    .expectError(FencedException.class)
                    .verify(DEADLINE);
            assertThat(agent.asked()).isEmpty();
        }
    }

    @Test
    void goWhereTheCardOfTheAgentSaysWithTheCredentialsThatItIsFetchedWith() {
        try (RpcPeer agent = new RpcPeer((asked, response) -> RpcPeer.json(
                response, RpcPeer.result(asked, "{\"seen\":\"" + asked.header("authorization") + "\"}")))) {
            String place = agent.url().replace("/rpc", "/card.json");
            RemoteDocuments remote = new RemoteDocuments();
            remote.put(
                    URI.create(place),
                    ("{\"name\":\"a\",\"url\":\"" + agent.url() + "\"}").getBytes(StandardCharsets.UTF_8));
            String task = """
                    call: a2a
                    with:
                      method: tasks/get
                      agentCard:
                        endpoint: { uri: CARD, authentication: { bearer: { token: s3cret-token } } }
                      server: https://ignored.example
                      parameters: { id: '${ $authorization.scheme }' }
                    """.replace("CARD", place);
            assertThat(output(calls.call(task, DEADLINE, () -> true, remote))).hasToString("{\"seen\":\"Bearer ***\"}");
            assertThat(agent.asked().getFirst().header("authorization")).isEqualTo("Bearer s3cret-token");
            assertThat(agent.asked().getFirst().body().path("params")).hasToString("{\"id\":\"Bearer\"}");
        }
    }

    private static String task(RpcPeer agent, String method, String parameters) {
        return "call: a2a\nwith:\n  method: " + method + "\n  server: " + agent.url() + "\n  " + parameters + "\n";
    }
}
