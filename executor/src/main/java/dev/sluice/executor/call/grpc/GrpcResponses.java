package dev.sluice.executor.call.grpc;

import com.google.protobuf.ByteString;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.DslError;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.protobuf.MalformedMessageException;
import dev.sluice.executor.protobuf.RpcMethod;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns a response into a task's output, or into the error it means. */
final class GrpcResponses {

    /** As many as one response of a stream may have. */
    private static final int MOST_MESSAGES = 10_000;

    /** Enough for it to be done elsewhere than on an event loop, and less than a whole evaluation may have. */
    private static final int MOST_BYTES_METERED = 2 << 20;

    private static final int OK = 200;
    private static final int BAD_GATEWAY = 502;
    private static final String STATUS = "grpc-status";
    private static final String MESSAGE = "grpc-message";

    private GrpcResponses() {}

    /** Whether whoever calls is to say again who that is: then nothing was done. */
    static boolean isUnauthenticated(OutboundResponse response) {
        return status(response) == GrpcStatus.UNAUTHENTICATED;
    }

    /**
     * The output.
     *
     * @param budget   of the thread that this is done on
     * @param unechoed takes out of it, and of what an error says, what an upstream may echo
     */
    static JsonNode output(
            RpcMethod method, OutboundResponse response, Budget budget, String instance, Scrubber unechoed) {
        GrpcStatus status = status(response);
        if (status == null) {
            throw nothing(response, instance);
        }
        if (status != GrpcStatus.OK) {
            String message = unechoed.scrub(Json.string(StatusMessage.decoded(last(response, MESSAGE))))
                    .asString();
            throw failed(status, message, instance);
        }
        try {
            budget.bytes(Math.min(response.body().length, MOST_BYTES_METERED));
            List<ByteString> messages = Frames.read(response.body(), MOST_MESSAGES);
            if (!method.givesStream() && messages.size() != 1) {
                throw new IllegalFrameException("it has " + messages.size() + " messages rather than one");
            }
            return unechoed.scrub(method.decode(messages, budget::steps));
        } catch (IllegalFrameException e) {
            throw unreadable(instance, e.getMessage(), !e.excess());
        } catch (MalformedMessageException e) {
            throw unreadable(instance, e.getMessage(), !e.excess());
        }
    }

    /** What the response says, null when it is not of gRPC or breaks off. */
    private static @Nullable GrpcStatus status(OutboundResponse response) {
        String contentType = first(response.headers(), "content-type").toLowerCase(Locale.ROOT);
        boolean grpc = contentType.equals("application/grpc")
                || contentType.startsWith("application/grpc+")
                || contentType.startsWith("application/grpc;");
        return grpc ? GrpcStatus.of(last(response, STATUS)) : null;
    }

    /** One that has no messages has all in its headers. */
    private static String last(OutboundResponse response, String name) {
        String trailer = first(response.trailers(), name);
        return trailer.isEmpty() ? first(response.headers(), name) : trailer;
    }

    private static String first(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of("")).getFirst();
    }

    /** Whoever answered with another status than 200 has answered; otherwise nobody knows what was done. */
    private static CallFailure nothing(OutboundResponse response, String instance) {
        boolean answered = response.status() != OK;
        String detail = answered
                ? "The upstream answered with status " + response.status() + " of HTTP and not in gRPC."
                : "The upstream's response is not of gRPC, or has no status.";
        return new CallFailure(communication(instance, answered ? response.status() : BAD_GATEWAY, detail), !answered);
    }

    private static CallFailure failed(GrpcStatus status, String message, String instance) {
        String detail = "The upstream answered with " + status + (message.isEmpty() ? "." : ": " + message);
        return status == GrpcStatus.DEADLINE_EXCEEDED
                ? new CallFailure(ErrorType.TIMEOUT.at(instance, detail), true)
                : new CallFailure(communication(instance, status.http(), detail));
    }

    /** The upstream says that it did something; whoever cannot read what that was does not know it, unless it is only too much. */
    private static CallFailure unreadable(String instance, @Nullable String reason, boolean unknown) {
        return new CallFailure(
                communication(instance, BAD_GATEWAY, "The upstream's response cannot be read: " + reason + "."),
                unknown);
    }

    private static DslError communication(String instance, int status, String detail) {
        return ErrorType.COMMUNICATION.at(instance, status, "Communication Error", detail);
    }
}
