package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a server of the Model Context Protocol over streamable HTTP (DSL reference, "MCP Call").
 *
 * @param protocolVersion the version that the server is offered, one of {@link #VERSIONS}
 * @param method          one of {@link #METHODS}
 * @param parameters      gives an object of the method's parameters, absent for none
 * @param timeout         the longest time it may take, absent for what every call may
 * @param endpoint        gives the server's URI as text
 * @param headers         gives an object of header values for all requests, absent for none
 * @param authentication  how it says who makes it, absent for not at all
 * @param client          who calls, as the server is told
 * @param options         of the transport
 */
public record McpCall(
        String protocolVersion,
        String method,
        @Nullable Template parameters,
        @Nullable DurationValue timeout,
        Template endpoint,
        @Nullable Template headers,
        @Nullable Authentication authentication,
        Client client,
        McpOptions options)
        implements Call {

    /** The versions of the protocol that have streamable HTTP with an initialization, oldest first. */
    public static final List<String> VERSIONS = List.of("2025-03-26", "2025-06-18", "2025-11-25");

    /** What the DSL lets workflows ask for. */
    public static final List<String> METHODS = List.of(
            "tools/list",
            "tools/call",
            "prompts/list",
            "prompts/get",
            "resources/list",
            "resources/read",
            "resources/templates/list");

    /** Headers that the protocol gives values of its own, in lower case. */
    public static final List<String> RESERVED_HEADERS =
            List.of("accept", "content-type", "mcp-session-id", "mcp-protocol-version", "last-event-id");

    /** Who calls (DSL reference, "MCP Client"). */
    public record Client(String name, String version) {

        /** What a server is told of workflows that do not say. */
        public static final Client SLUICE = new Client("sluice", "1.0");
    }
}
