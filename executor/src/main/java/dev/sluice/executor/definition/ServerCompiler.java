package dev.sluice.executor.definition;

import dev.sluice.executor.asyncapi.AsyncApiDocument;
import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.asyncapi.Operation;
import dev.sluice.executor.asyncapi.Protocol;
import dev.sluice.executor.asyncapi.Server;
import dev.sluice.executor.asyncapi.Variable;
import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code server} and {@code protocol} of {@code call: asyncapi}: which server of the document it is. */
final class ServerCompiler {

    private static final String PROTOCOL = "protocol";
    private static final String VARIABLES = "variables";

    private final Violations violations;
    private final ExpressionCompiler expressions;

    ServerCompiler(Violations violations, ExpressionCompiler expressions) {
        this.violations = violations;
        this.expressions = expressions;
    }

    /**
     * What a task says of the server.
     *
     * @param server    the properties of {@code server}, absent for any
     * @param name      of the server, absent for any
     * @param protocol  absent for any
     * @param given     what {@code variables} are in the document
     * @param variables the member of that name, if there is one
     */
    record Choice(
            @Nullable Fields server,
            @Nullable String name,
            @Nullable Protocol protocol,
            @Nullable JsonNode given,
            Map<String, Template> variables) {

        private Set<String> names() {
            return given == null ? Set.of() : Set.copyOf(given.propertyNames());
        }
    }

    Choice compile(Fields with, Set<String> variables) {
        Fields server = with.object("server");
        Protocol protocol = protocol(with);
        if (server == null) {
            return new Choice(null, null, protocol, null, Map.of());
        }
        String name = server.requiredText("name");
        JsonNode given = server.get(VARIABLES);
        server.close();
        if (given == null) {
            return new Choice(server, name, protocol, null, Map.of());
        }
        String pointer = server.pointer(VARIABLES);
        if (!given.isObject()) {
            violations.report(pointer, "must be an object, not " + Fields.kind(given));
        }
        return new Choice(
                server, name, protocol, given, Map.of(VARIABLES, expressions.template(given, pointer, variables)));
    }

    private @Nullable Protocol protocol(Fields with) {
        String word = with.text(PROTOCOL);
        if (word == null) {
            return null;
        }
        if (!Protocol.KNOWN.contains(word)) {
            violations.report(
                    with.pointer(PROTOCOL),
                    "'" + word + "' is none of " + String.join(", ", Protocol.KNOWN)
                            + Suggestions.didYouMean(word, Protocol.KNOWN));
            return null;
        }
        Protocol protocol = Protocol.of(word);
        if (protocol == null) {
            violations.report(with.pointer(PROTOCOL), "'" + word + "' is not available, only " + Protocol.available());
        }
        return protocol;
    }

    /** The operation's channel on the server that is named, or else on the first that fits; null for what is reported. */
    @Nullable
    Endpoint endpoint(AsyncApiDocument api, Operation operation, Choice choice, boolean publishing, Fields with)
            throws DescriptionException {
        Server server = choice.server() == null ? fitting(operation, choice, with) : named(api, operation, choice);
        if (server == null) {
            return null;
        }
        Endpoint endpoint = operation.on(server);
        boolean known = choice.given() == null || known(endpoint, choice, choice.given());
        Set<String> unfilled = endpoint.unfilled(publishing, choice.names());
        if (!unfilled.isEmpty()) {
            violations.report(
                    with.pointer(),
                    "nothing says what '" + unfilled.iterator().next()
                            + "' of the channel is; the variables of 'server' may say so");
        }
        return known && unfilled.isEmpty() && isAddress(endpoint, with) ? endpoint : null;
    }

    private boolean isAddress(Endpoint endpoint, Fields with) {
        try {
            return !endpoint.isFixed() || endpoint.uri(Json.object()).isAbsolute();
        } catch (IllegalArgumentException e) {
            violations.report(
                    with.pointer("document"), "cannot be used: " + Objects.requireNonNullElse(e.getMessage(), ""));
            return false;
        }
    }

    private @Nullable Server named(AsyncApiDocument api, Operation operation, Choice choice) {
        Fields fields = Objects.requireNonNull(choice.server());
        String name = choice.name();
        Server found = operation.servers().stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElse(null);
        if (found == null && name != null) {
            violations.report(
                    fields.pointer("name"),
                    api.servers().contains(name)
                            ? "the channel is not on the server '" + name + "'"
                            : "there is no server '" + name + "' in the document"
                                    + Suggestions.didYouMean(name, api.servers()));
        }
        return found;
    }

    private @Nullable Server fitting(Operation operation, Choice choice, Fields with) {
        List<Server> servers = operation.servers();
        Protocol wanted = choice.protocol();
        Server found = servers.stream()
                .filter(server -> server.speaks() != null && (wanted == null || server.speaks() == wanted))
                .findFirst()
                .orElse(null);
        if (found == null && (wanted != null || !with.has(PROTOCOL))) {
            String spoken = servers.stream()
                    .map(server -> '\'' + server.protocol() + '\'')
                    .distinct()
                    .collect(Collectors.joining(", "));
            String what = servers.isEmpty()
                    ? "the document has no server for the channel"
                    : "the channel's servers speak " + spoken + ", which is not available, only "
                            + (wanted == null ? Protocol.available() : '\'' + wanted.word() + "', which is asked for");
            violations.report(with.pointer(wanted == null ? "document" : PROTOCOL), what);
        }
        return found;
    }

    private boolean known(Endpoint endpoint, Choice choice, JsonNode given) {
        Fields fields = Objects.requireNonNull(choice.server());
        Map<String, Variable> variables = endpoint.variables();
        boolean known = true;
        for (var member : given.properties()) {
            String pointer = Pointers.child(fields.pointer(VARIABLES), member.getKey());
            Variable variable = variables.get(member.getKey());
            JsonNode value = member.getValue();
            String reason = null;
            if (variable == null) {
                reason = "neither server nor channel has a variable '" + member.getKey() + '\''
                        + Suggestions.didYouMean(member.getKey(), variables.keySet());
            } else if (value.isContainer() || value.isNull()) {
                reason = "must be a string, not " + Fields.kind(value);
            } else if (!expressions.isExpression(value.asString(), Set.of()) && !variable.allows(value.asString())) {
                reason = "'" + value.asString() + "' is none of "
                        + String.join(", ", variable.allowed().stream().sorted().toList())
                        + Suggestions.didYouMean(value.asString(), variable.allowed());
            }
            if (reason != null) {
                violations.report(pointer, reason);
                known = false;
            }
        }
        return known;
    }
}
