package dev.sluice.executor.call.mcp;

import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.call.rpc.RpcAnswers;
import dev.sluice.executor.call.rpc.RpcChannel;
import dev.sluice.executor.call.rpc.RpcErrors;
import dev.sluice.executor.call.rpc.RpcEvent;
import dev.sluice.executor.call.rpc.RpcMessage;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said with a server for one call: both introduce themselves, then comes the request, and the session ends.
 *
 * <pre>
 *   initialize → notifications/initialized → the method → DELETE
 *                                               │ broken off: GET from the last event on
 *                                               └ given up: notifications/cancelled → DELETE
 * </pre>
 *
 * The server may ask too while it answers. It is told that we are there; of everything else that it could ask we have said that we
 * cannot do it. One for each attempt.
 */
final class McpConversation {

    private static final String INTRODUCTION = "1";
    private static final String CALL = "2";
    private static final int NOT_FOUND = 404;
    private static final int ACCEPTED = 202;
    private static final int METHOD_NOT_FOUND = -32601;

    private static final Duration FOR_A_REPLY = Duration.ofSeconds(5);

    /** Of a server that asks back, in one call. */
    private static final int MOST_REPLIES = 100;

    private final McpSession session;
    private final McpRequest request;
    private final RpcChannel channel;
    private final Time time;
    private final Duration farewell;
    private final String instance;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicInteger replies = new AtomicInteger();

    /** Has so long to say that it is over. */
    McpConversation(McpRequest request, RpcChannel channel, Time time, Duration farewell) {
        this.session = new McpSession(request);
        this.request = request;
        this.channel = channel;
        this.time = time;
        this.farewell = farewell;
        this.instance = channel.instance();
    }

    /**
     * Gives what the call gives. Ends with {@link CallFailure}, and with {@link SessionLostException} before the server has taken the
     * request.
     */
    Mono<JsonNode> result() {
        Mono<Void> opened = CallErrors.failing(open(), instance)
                .onErrorMap(CallFailure.class, failure -> new CallFailure(failure.error()));
        return opened.then(CallErrors.failing(Mono.defer(this::ask), instance))
                .timeout(time.left(), Mono.error(() -> RpcErrors.late(asked.get(), instance)));
    }

    /** Says that nobody waits any more when that is so, and ends the session when there is one. Never fails, and takes little time. */
    Mono<Void> leave() {
        Mono<Void> given =
                asked.get() && !answered.get() && !lost.get() ? tell(post(cancelled(), farewell)) : Mono.empty();
        Mono<Void> ended = Mono.defer(() -> session.isNamed() && !lost.get()
                ? channel.send(session.delete(farewell), channel.permitted()).then()
                : Mono.empty());
        return given.onErrorComplete().then(ended).timeout(farewell).onErrorComplete();
    }

    private Mono<Void> open() {
        return Mono.defer(() -> {
            JsonNode message = RpcMessage.request(INTRODUCTION, "initialize", session.introduction());
            Flux<RpcEvent> events = post(message, time.left()).doOnNext(event -> {
                if (event instanceof RpcEvent.Accepted accepted) {
                    session.named(accepted.head(), instance);
                }
            });
            return answer(INTRODUCTION, events)
                    .switchIfEmpty(Mono.error(() -> RpcErrors.unanswered(instance)))
                    .doOnNext(answer -> session.agreed(RpcAnswers.result(answer, instance), instance))
                    .then(Mono.defer(
                            () -> tell(post(RpcMessage.request(null, "notifications/initialized", null), time.left())
                                    .doOnNext(this::requireSession))));
        });
    }

    private Mono<JsonNode> ask() {
        JsonNode message = RpcMessage.request(CALL, request.method(), request.params());
        Flux<RpcEvent> events = channel.send(session.call(message, time.left()), channel.sending(asked))
                .doOnNext(this::requireSession)
                .doOnNext(event -> answered.compareAndSet(false, event instanceof RpcEvent.Refused));
        return new McpStream(each -> answer(CALL, each), this::resumed, instance)
                .read(events)
                .doOnNext(answer -> answered.set(true))
                .map(answer -> channel.unechoed(RpcAnswers.result(answer, instance)));
    }

    /** The answer to one of our requests; empty when there is none. What the server asks before is replied to. */
    private Mono<RpcMessage> answer(String id, Flux<RpcEvent> events) {
        return RpcAnswers.messages(events, instance)
                .concatMap(
                        message -> message instanceof RpcMessage.Request asking
                                ? reply(asking).then(Mono.<RpcMessage>empty())
                                : Mono.just(message),
                        1)
                .filter(message -> message.answers(id))
                .next();
    }

    private Mono<Void> reply(RpcMessage.Request asking) {
        if (replies.incrementAndGet() > MOST_REPLIES) {
            return Mono.error(() -> RpcErrors.endless(instance));
        }
        ObjectNode reply = Json.object().put("jsonrpc", "2.0");
        reply.set("id", asking.id());
        if (asking.method().equals("ping")) {
            reply.putObject("result");
        } else {
            reply.putObject("error").put("code", METHOD_NOT_FOUND).put("message", "Method not found");
        }
        // Whoever does not take it has to do without.
        return tell(post(reply, FOR_A_REPLY)).onErrorComplete();
    }

    private Flux<RpcEvent> post(JsonNode message, Duration limit) {
        return channel.send(session.post(message, limit), channel.permitted());
    }

    private Flux<RpcEvent> resumed(String lastId) {
        return channel.send(session.resume(lastId, time.left()), channel.permitted());
    }

    /** Sends what has no answer. One that comes all the same is not waited for. */
    private Mono<Void> tell(Flux<RpcEvent> sent) {
        Flux<RpcEvent> events = sent.takeUntil(event ->
                event instanceof RpcEvent.Accepted accepted && accepted.head().status() != ACCEPTED);
        return RpcAnswers.messages(events, instance).then();
    }

    private void requireSession(RpcEvent event) {
        boolean gone =
                event instanceof RpcEvent.Refused refused && refused.head().status() == NOT_FOUND;
        if (gone && session.isNamed()) {
            lost.set(true);
            throw new SessionLostException((RpcEvent.Refused) event);
        }
    }

    private static JsonNode cancelled() {
        JsonNode which = Json.object().put("requestId", CALL).put("reason", "The workflow does not wait any longer.");
        return RpcMessage.request(null, "notifications/cancelled", which);
    }
}
