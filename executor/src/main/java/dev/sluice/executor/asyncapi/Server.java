package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A server of a document (AsyncAPI, "Server Object").
 *
 * @param protocol  as the document says it
 * @param secure    whether there is TLS
 * @param host      with the port, if it has one; may have places for variables
 * @param path      empty, or begins with a slash; may have places for variables
 * @param variables by name
 */
public record Server(
        String name, String protocol, boolean secure, String host, String path, Map<String, Variable> variables) {

    private static final int LONGEST = 2_000;

    public Server {
        variables = Map.copyOf(variables);
    }

    /** Reads a server of version 3, which has {@code host}, or of version 2, which has {@code url}. */
    static Server of(String name, JsonNode described, Resolver references) throws DescriptionException {
        String protocol = described.path("protocol").asString("").toLowerCase(Locale.ROOT);
        String text = described.path(described.has("host") ? "host" : "url").asString("");
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new DescriptionException("its server '" + name + "' has no host");
        }
        int scheme = text.indexOf("://");
        String rest = scheme < 0 ? text : text.substring(scheme + "://".length());
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash);
        boolean secure = Protocol.isSecure(protocol) || (scheme > 0 && Protocol.isSecure(text.substring(0, scheme)));
        String pathname = described.path("pathname").asString(path);
        Map<String, Variable> variables = Variable.all(described.path("variables"), references);
        for (String place : Places.names(host + pathname)) {
            if (!variables.containsKey(place)) {
                throw new DescriptionException("its server '" + name + "' has no variable '" + place + "'");
            }
        }
        return new Server(name, protocol, secure, host, pathname, variables);
    }

    /** What is spoken there; null for what is not available. */
    public @Nullable Protocol speaks() {
        return Protocol.of(protocol);
    }

    /** Whether messages only come from there. */
    boolean streamsOnly() {
        return protocol.equals("sse");
    }

    /** Host and port. */
    String authority(JsonNode given) {
        return Places.expand(host, variable -> Places.inHost(variable, value(variable, given)));
    }

    /** The path, without a slash at the end; a default may have several segments. */
    String base(JsonNode given) {
        String base = Places.expand(path, variable -> {
            String value = value(variable, given);
            return given.has(variable) ? Places.inPath(variable, value) : value;
        });
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private String value(String name, JsonNode given) {
        Variable variable = Objects.requireNonNull(variables.get(name));
        JsonNode value = given.path(name);
        if (value.isContainer() || value.isNull() || (value.isMissingNode() && variable.otherwise() == null)) {
            throw new IllegalArgumentException("The server's variable '" + name + "' has no value");
        }
        String text = value.isMissingNode() ? Objects.requireNonNull(variable.otherwise()) : value.asString();
        if (!value.isMissingNode() && !variable.allows(text)) {
            throw new IllegalArgumentException("The server's variable '" + name + "' is none of "
                    + String.join(", ", variable.allowed().stream().sorted().toList()));
        }
        return text;
    }
}
