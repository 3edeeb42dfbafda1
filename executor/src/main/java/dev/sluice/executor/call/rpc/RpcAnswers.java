package dev.sluice.executor.call.rpc;

import java.util.List;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** What is said in answers. */
public final class RpcAnswers {

    private RpcAnswers() {}

    /**
     * The messages that come of a request. Ends with {@link dev.sluice.executor.engine.CallFailure} when it was not taken, or when what
     * came cannot be read.
     */
    public static Flux<RpcMessage> messages(Flux<RpcEvent> events, String instance) {
        return events.concatMapIterable(event -> messages(event, instance), 1);
    }

    private static List<RpcMessage> messages(RpcEvent event, String instance) {
        return switch (event) {
            case RpcEvent.Accepted accepted -> List.of();
            case RpcEvent.Received received -> received.messages();
            case RpcEvent.Refused refused -> throw RpcErrors.refused(refused, instance);
            case RpcEvent.Broken broken -> throw RpcErrors.broken(broken, instance);
        };
    }

    /** What an answer gives. Throws {@link dev.sluice.executor.engine.CallFailure} for an error. */
    public static JsonNode result(RpcMessage answer, String instance) {
        return switch (answer) {
            case RpcMessage.Result result -> result.result();
            case RpcMessage.Failure failure -> throw RpcErrors.failed(failure, instance);
            case RpcMessage.Request request -> throw new IllegalArgumentException("A request is no answer");
            case RpcMessage.Notification told -> throw new IllegalArgumentException("A notification is no answer");
        };
    }
}
