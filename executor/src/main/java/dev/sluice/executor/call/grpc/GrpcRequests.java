package dev.sluice.executor.call.grpc;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.definition.GrpcCall;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.outbound.OutboundProtocol;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.telemetry.TraceParent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Evaluates a call's arguments to a request. */
final class GrpcRequests {

    /** Eight digits are the most that there may be (PROTOCOL-HTTP2.md, "TimeoutValue"). */
    private static final long MOST_DIGITS = 99_999_999;

    private GrpcRequests() {}

    /** The request, with all messages that the method is given. */
    static OutboundRequest of(
            GrpcCall call, Invocation invocation, @Nullable Authorization authorization, int maxResponseBytes) {
        JsonNode arguments = call.arguments().evaluate(invocation.input(), invocation.scope());
        if (!arguments.isContainer()) {
            throw new ExpressionException("The arguments of " + call.method().fullName() + " are not an object");
        }
        byte[] body = Frames.written(call.method().encode(arguments));
        return new OutboundRequest(
                "POST",
                call.server().resolve("/" + call.method().fullName()),
                metadata(invocation, authorization),
                body,
                invocation.limit(),
                maxResponseBytes,
                OutboundProtocol.HTTP2);
    }

    private static Map<String, String> metadata(Invocation invocation, @Nullable Authorization authorization) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("content-type", "application/grpc");
        metadata.put("grpc-accept-encoding", "identity");
        metadata.put("grpc-timeout", timeout(invocation.limit()));
        metadata.put("idempotency-key", invocation.idempotencyKey());
        TraceParent.parse(invocation.traceparent())
                .ifPresent(
                        trace -> metadata.put(TraceParent.HEADER, trace.child().toString()));
        if (authorization != null) {
            metadata.put("authorization", authorization.header());
        }
        return metadata;
    }

    /** In milliseconds, or in seconds where those are too many. */
    static String timeout(Duration limit) {
        long millis = Math.max(1, limit.toMillis());
        return millis <= MOST_DIGITS ? millis + "m" : Math.min(limit.toSeconds(), MOST_DIGITS) + "S";
    }
}
