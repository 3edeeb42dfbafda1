package dev.sluice.executor.call.mcp;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.call.CallArguments;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.executor.definition.McpOptions;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call whose arguments are evaluated.
 *
 * @param headers        of all requests, but for those that the protocol has
 * @param params         the method's parameters, absent for none
 * @param idempotencyKey of the one request that has the method
 * @param limit          the longest time that everything may take
 * @param idle           the longest time that the server may say nothing
 * @param mostBytes      of an answer
 */
record McpRequest(
        URI uri,
        Map<String, String> headers,
        String protocolVersion,
        McpCall.Client client,
        String method,
        @Nullable JsonNode params,
        String idempotencyKey,
        Duration limit,
        Duration idle,
        int mostBytes) {

    /** Names of members of {@code _meta} have a prefix (MCP, "General fields"). */
    private static final String META_KEY = "dev.sluice/idempotency-key";

    private static final String META = "_meta";

    /** So that a call's own time ends it, and not that of one of its requests. */
    private static final Duration LONGER = Duration.ofSeconds(1);

    /**
     * The call of an invocation. Throws {@link IllegalArgumentException} for arguments that make none.
     *
     * @param mostBytes that an answer may have, unless the call wants fewer
     */
    static McpRequest of(McpCall call, Invocation invocation, @Nullable Authorization authorization, int mostBytes) {
        JsonNode input = invocation.input();
        Arguments scope = invocation.scope();
        Map<String, String> headers = CallArguments.headers(invocation, authorization);
        headers.remove(CallArguments.IDEMPOTENCY_KEY);
        CallArguments.fields(call.headers(), input, scope, "headers").forEach((name, value) -> {
            if (McpCall.RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("The header '" + name + "' is set by the protocol itself");
            }
            headers.put(name, value);
        });
        return new McpRequest(
                CallArguments.uri(call.endpoint(), input, scope),
                headers,
                call.protocolVersion(),
                call.client(),
                call.method(),
                params(call, invocation),
                headers.getOrDefault(CallArguments.IDEMPOTENCY_KEY, invocation.idempotencyKey()),
                limit(call, invocation),
                idle(call.options(), invocation),
                mostBytes(call.options(), invocation, mostBytes));
    }

    private static @Nullable JsonNode params(McpCall call, Invocation invocation) {
        boolean effects = call.method().equals("tools/call");
        if (call.parameters() == null && !effects) {
            return null;
        }
        JsonNode given = CallArguments.object(call.parameters(), invocation.input(), invocation.scope(), "parameters");
        JsonNode meta = given.path(META);
        if (!effects || !(meta.isMissingNode() || meta.isObject())) {
            return given;
        }
        ObjectNode all = Json.object();
        given.properties().forEach(member -> all.set(member.getKey(), member.getValue()));
        ObjectNode told = all.putObject(META).put(META_KEY, invocation.idempotencyKey());
        meta.properties().forEach(member -> told.set(member.getKey(), member.getValue()));
        return all;
    }

    /** What a call may take in all is not longer than that of every call, so that it is no bound of its own. */
    private static Duration idle(McpOptions options, Invocation invocation) {
        if (options.idleTimeout() == null) {
            return invocation.limit().plus(LONGER);
        }
        Duration idle = options.idleTimeout().resolve(invocation.input(), invocation.scope());
        if (!idle.isPositive()) {
            throw new IllegalArgumentException("The option 'idleTimeout' is no time");
        }
        return idle;
    }

    private static int mostBytes(McpOptions options, Invocation invocation, int most) {
        if (options.maxResponseBytes() == null) {
            return most;
        }
        JsonNode given = options.maxResponseBytes().evaluate(invocation.input(), invocation.scope());
        String text = given.isContainer() ? "" : given.asString("");
        if (!McpOptions.BYTES.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "The option 'maxResponseBytes' is not a whole number from 1 to 999999999");
        }
        return Math.min(most, Integer.parseInt(text));
    }

    private static Duration limit(McpCall call, Invocation invocation) {
        if (call.timeout() == null) {
            return invocation.limit();
        }
        Duration own = call.timeout().resolve(invocation.input(), invocation.scope());
        return own.compareTo(invocation.limit()) < 0 ? own : invocation.limit();
    }
}
