package dev.sluice.executor.call.mcp;

import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.call.rpc.RpcErrors;
import dev.sluice.executor.call.rpc.RpcEvent;
import dev.sluice.executor.call.rpc.RpcMessage;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.shared.outbound.OutboundException;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The stream that an answer comes in, which may break off, or be closed by the server in the meantime, and goes on after the last
 * event that had an id (MCP, "Resumability and Redelivery"). The request is not sent again. One for each request.
 */
final class McpStream {

    /** Each takes {@link #SHORTEST_PAUSE} at least. */
    private static final int MOST_RESUMPTIONS = 100;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Function<Flux<RpcEvent>, Mono<RpcMessage>> answer;
    private final Function<String, Flux<RpcEvent>> resumption;
    private final String instance;
    private volatile String lastId = "";
    private volatile Duration pause = PAUSE;

    /**
     * A stream that is looked for an answer in.
     *
     * @param answer     finds it in a part of the stream, or is empty
     * @param resumption gives the part after an event
     */
    McpStream(
            Function<Flux<RpcEvent>, Mono<RpcMessage>> answer,
            Function<String, Flux<RpcEvent>> resumption,
            String instance) {
        this.answer = answer;
        this.resumption = resumption;
        this.instance = instance;
    }

    /** The answer in a stream that begins so. Ends with {@link CallFailure} when there is none, and with what the first part ends with. */
    Mono<RpcMessage> read(Flux<RpcEvent> first) {
        return answer.apply(noted(first))
                .onErrorResume(
                        OutboundException.class, e -> isBroken(e) && !lastId.isEmpty() ? Mono.empty() : Mono.error(e))
                .switchIfEmpty(Mono.defer(this::rest));
    }

    private Mono<RpcMessage> rest() {
        return lastId.isEmpty()
                ? Mono.error(RpcErrors.unanswered(instance))
                : Flux.range(0, MOST_RESUMPTIONS)
                        .concatMap(time -> Mono.delay(pause).then(Mono.defer(this::next)), 1)
                        .next()
                        .switchIfEmpty(Mono.error(() -> RpcErrors.unanswered(instance)));
    }

    /** Whatever goes wrong from now on, the request was made. */
    private Mono<RpcMessage> next() {
        Mono<RpcMessage> part = Mono.defer(() -> answer.apply(noted(resumption.apply(lastId))))
                .onErrorResume(OutboundException.class, e -> isBroken(e) ? Mono.empty() : Mono.error(e));
        return CallErrors.failing(part, instance)
                .onErrorMap(CallFailure.class, failure -> new CallFailure(failure.error(), true));
    }

    private Flux<RpcEvent> noted(Flux<RpcEvent> events) {
        return events.doOnNext(event -> {
            if (event instanceof RpcEvent.Received received) {
                lastId = received.lastId().isEmpty() ? lastId : received.lastId();
                pause = received.pause() == null ? pause : bounded(received.pause());
            }
        });
    }

    private static Duration bounded(Duration wanted) {
        Duration least = wanted.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : wanted;
        return least.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : least;
    }

    private static boolean isBroken(OutboundException e) {
        return switch (e.kind()) {
            case RESET, CONNECT, UNRESOLVED, TIMEOUT -> true;
            case REFUSED_ADDRESS, IDENTITY, MALFORMED, TOO_LARGE, CAPACITY, WITHDRAWN -> false;
        };
    }
}
