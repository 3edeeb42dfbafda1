package dev.sluice.executor.call.rpc;

import dev.sluice.executor.stream.EventStreamReader;
import dev.sluice.executor.stream.MalformedStreamException;
import dev.sluice.executor.stream.ServerSentEvent;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.problem.SluiceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads responses that have JSON-RPC in them. What cannot be read is an event and no error: those are the connection's. */
final class RpcReader {

    /** Of a response that says why a request was refused. */
    private static final int MOST_OF_REASON = 16 * 1024;

    private final int mostBytes;

    RpcReader(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    Flux<RpcEvent> read(OutboundHead head, Flux<byte[]> body) {
        boolean accepted = head.status() >= 200 && head.status() < 300;
        if (!accepted) {
            return reason(head, body)
                    .<RpcEvent>map(reason -> new RpcEvent.Refused(head, reason))
                    .flux();
        }
        Flux<byte[]> bounded = bounded(body, mostBytes);
        Flux<RpcEvent> received = MediaTypes.eventStream(contentType(head)) ? events(bounded) : whole(head, bounded);
        return Flux.<RpcEvent>just(new RpcEvent.Accepted(head))
                .concatWith(received.onErrorResume(
                                MalformedStreamException.class, e -> Mono.just(new RpcEvent.Broken(e.detail(), false)))
                        .onErrorResume(
                                TooLargeException.class,
                                e -> Mono.just(new RpcEvent.Broken("The answer is larger than allowed.", true))));
    }

    private Flux<RpcEvent> events(Flux<byte[]> body) {
        EventStreamReader reader = new EventStreamReader(mostBytes);
        return reader.read(body).map(event -> received(event, reader));
    }

    private static RpcEvent received(ServerSentEvent event, EventStreamReader reader) {
        List<RpcMessage> messages =
                event.data().isBlank() ? List.of() : messages(event.data().getBytes(StandardCharsets.UTF_8));
        return new RpcEvent.Received(messages, event.lastId(), reader.pause().orElse(null));
    }

    private static Flux<RpcEvent> whole(OutboundHead head, Flux<byte[]> body) {
        return collected(body)
                .filter(bytes -> bytes.length > 0)
                .<RpcEvent>map(bytes -> {
                    if (!MediaTypes.json(contentType(head))) {
                        throw new MalformedStreamException("The answer is neither JSON nor a stream of events.");
                    }
                    return new RpcEvent.Received(messages(bytes), "", null);
                })
                .flux();
    }

    private static Mono<String> reason(OutboundHead head, Flux<byte[]> body) {
        return collected(bounded(body, MOST_OF_REASON))
                .map(bytes -> MediaTypes.json(contentType(head)) ? described(bytes) : "")
                .onErrorReturn("");
    }

    private static String described(byte[] body) {
        return messages(body).getFirst() instanceof RpcMessage.Failure failure ? RpcErrors.described(failure) : "";
    }

    private static List<RpcMessage> messages(byte[] text) {
        try {
            return RpcMessage.read(Json.read(text));
        } catch (SluiceException e) {
            throw new MalformedStreamException("The answer says it is JSON and is not.");
        }
    }

    private static Mono<byte[]> collected(Flux<byte[]> body) {
        return body.collect(ByteArrayOutputStream::new, ByteArrayOutputStream::writeBytes)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static Flux<byte[]> bounded(Flux<byte[]> body, int most) {
        return Flux.defer(() -> {
            AtomicLong total = new AtomicLong();
            return body.doOnNext(bytes -> {
                if (total.addAndGet(bytes.length) > most) {
                    throw new TooLargeException();
                }
            });
        });
    }

    private static String contentType(OutboundHead head) {
        return head.header("content-type", "");
    }

    private static final class TooLargeException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super(null, null, false, false);
        }
    }
}
