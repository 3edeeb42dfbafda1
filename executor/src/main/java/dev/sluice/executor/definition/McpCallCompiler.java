package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the {@code with} of {@code call: mcp}. */
final class McpCallCompiler {

    private static final String DEFAULT_VERSION = "2025-06-18";
    private static final String IDLE_TIMEOUT = "idleTimeout";
    private static final String MAX_RESPONSE_BYTES = "maxResponseBytes";

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final DurationCompiler durations;
    private final EndpointCompiler endpoints;
    private final HttpCallCompiler http;

    McpCallCompiler(
            Violations violations,
            ExpressionCompiler expressions,
            DurationCompiler durations,
            EndpointCompiler endpoints,
            HttpCallCompiler http) {
        this.violations = violations;
        this.expressions = expressions;
        this.durations = durations;
        this.endpoints = endpoints;
        this.http = http;
    }

    /** The call, or null when it has no transport that it can be made by. */
    @Nullable
    McpCall compile(Fields with, Set<String> around) {
        String version = version(with);
        String method = RpcFields.method(with, McpCall.METHODS, violations);
        McpCall.Client client = client(with);
        Fields transport = with.required("transport") == null ? null : with.object("transport");
        Fields server = transport == null ? null : http(transport);
        Authentication authentication = server == null ? null : endpoints.authentication(server, "endpoint", around);
        Set<String> variables = authentication == null ? around : Scope.authenticated(around);
        Template parameters = RpcFields.parameters(with, variables, expressions, violations);
        DurationValue timeout = durations.optional(with, "timeout", variables);
        McpOptions options = options(transport == null ? null : transport.object("options"), variables);
        with.close();
        if (server == null) {
            return null;
        }
        Template endpoint = endpoints.uri(server, "endpoint", variables);
        Template headers = headers(server, variables);
        server.close();
        return new McpCall(version, method, parameters, timeout, endpoint, headers, authentication, client, options);
    }

    private String version(Fields with) {
        String version = with.text("protocolVersion");
        return version == null
                ? DEFAULT_VERSION
                : RpcFields.word(version, with.pointer("protocolVersion"), McpCall.VERSIONS, violations);
    }

    private @Nullable Fields http(Fields transport) {
        if (transport.has("stdio")) {
            violations.report(
                    transport.pointer("stdio"),
                    "'stdio' is not available: it would run a program on the executor's machine; use a server that speaks"
                            + " streamable HTTP, by 'http'");
        }
        boolean neither = !transport.has("http") && !transport.has("stdio");
        if (neither && transport.present()) {
            violations.report(transport.pointer(), "'http' is missing");
        }
        transport.allow("options");
        Fields server = transport.object("http");
        transport.close();
        return server;
    }

    /** A map of strings, which only has what there is. */
    private McpOptions options(@Nullable Fields options, Set<String> variables) {
        if (options == null) {
            return McpOptions.NONE;
        }
        DurationValue idle =
                options.text(IDLE_TIMEOUT) == null ? null : durations.optional(options, IDLE_TIMEOUT, variables);
        String most = options.text(MAX_RESPONSE_BYTES);
        options.close();
        boolean fixed = most != null && !expressions.isExpression(most, variables);
        if (fixed && !McpOptions.BYTES.matcher(most).matches()) {
            violations.report(options.pointer(MAX_RESPONSE_BYTES), "must be a whole number from 1 to 999999999");
        }
        String pointer = options.pointer(MAX_RESPONSE_BYTES);
        return new McpOptions(idle, most == null ? null : expressions.template(Json.string(most), pointer, variables));
    }

    private @Nullable Template headers(Fields server, Set<String> variables) {
        JsonNode headers = server.get("headers");
        for (String name : (headers == null ? Json.object() : headers).propertyNames()) {
            if (McpCall.RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                violations.report(
                        Pointers.child(server.pointer("headers"), name),
                        "'" + name + "' is set by the protocol itself");
            }
        }
        return http.headers(server, variables);
    }

    private static McpCall.Client client(Fields with) {
        Fields client = with.object("client");
        if (client == null) {
            return McpCall.Client.SLUICE;
        }
        String name = client.requiredText("name");
        String version = client.requiredText("version");
        client.close();
        return name == null || version == null ? McpCall.Client.SLUICE : new McpCall.Client(name, version);
    }
}
