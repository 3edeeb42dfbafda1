package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import dev.sluice.executor.protobuf.RpcMethod;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A call of gRPC (DSL reference, "gRPC Call").
 *
 * @param server    where the service is, https where TLS is spoken
 * @param arguments give an object, or an array of them for a method that takes a stream
 */
public record GrpcCall(
        URI server,
        RpcMethod method,
        Template arguments,
        @Nullable Authentication authentication) implements Call {}
