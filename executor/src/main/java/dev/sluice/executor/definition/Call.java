package dev.sluice.executor.definition;

import org.jspecify.annotations.Nullable;

/** What a task calls, in the protocol that it is called in, or has run. */
public sealed interface Call permits HttpCall, GrpcCall, McpCall, A2aCall, PublishCall, Script {

    /** How the call says who makes it, absent for not at all. */
    @Nullable
    Authentication authentication();
}
