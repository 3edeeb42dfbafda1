package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.References;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A description of message channels, of version 2 or 3. It may tell of them from either side, so that it does not matter
 * whether an operation of version 3 sends or receives: the workflow does what its task says.
 */
public final class AsyncApiDocument {

    private static final String JSON = "application/json";

    private final JsonNode root;
    private final boolean third;
    private final Resolver references;

    private AsyncApiDocument(Located document, boolean third, References others) {
        this.root = document.root();
        this.third = third;
        this.references = new Resolver(document, others);
    }

    /**
     * A document that was read.
     *
     * @param others the documents that it refers to
     */
    public static AsyncApiDocument of(Located document, References others) throws DescriptionException {
        String version = document.root().path("asyncapi").asString("");
        if (!version.startsWith("3.") && !version.startsWith("2.")) {
            throw new DescriptionException("it is neither AsyncAPI 2 nor AsyncAPI 3");
        }
        return new AsyncApiDocument(document, version.startsWith("3."), others);
    }

    /** Whether operations are named: in version 2 channels are, which have one operation of each kind. */
    public boolean namesOperations() {
        return third;
    }

    /** The names of all operations of version 3, or of all channels of version 2. */
    public Set<String> names() {
        return new LinkedHashSet<>(root.path(third ? "operations" : "channels").propertyNames());
    }

    /** The names of all servers. */
    public Set<String> servers() {
        return new LinkedHashSet<>(root.path("servers").propertyNames());
    }

    /**
     * The operation of a name, or of a channel's name; null when there is no such name.
     *
     * @throws dev.sluice.executor.description.PendingException while a part of it is in a document that has yet to be fetched
     */
    public @Nullable Operation operation(String name, boolean publishing) throws DescriptionException {
        JsonNode named = root.path(third ? "operations" : "channels").path(name);
        if (named.isMissingNode()) {
            return null;
        }
        return third ? third(name, named, publishing) : second(name, references.resolve(named), publishing);
    }

    private Operation second(String name, JsonNode channel, boolean publishing) throws DescriptionException {
        String kind = publishing ? "publish" : "subscribe";
        if (!channel.has(kind)) {
            throw new DescriptionException("its channel '" + name + "' has no operation '" + kind + "'");
        }
        JsonNode operation = references.merged(channel.get(kind));
        JsonNode message = references.resolve(operation.path("message"));
        List<JsonNode> messages = message.has("oneOf")
                ? message.path("oneOf").valueStream().toList()
                : message.isMissingNode() ? List.of() : List.of(message);
        List<String> servers = new ArrayList<>();
        channel.path("servers").forEach(server -> servers.add(server.asString("")));
        return operation(name, channel, operation, messages, servers, publishing);
    }

    private Operation third(String name, JsonNode named, boolean publishing) throws DescriptionException {
        JsonNode operation = references.merged(named);
        JsonNode channel = references.resolve(operation.path("channel"));
        if (!channel.path("address").isString()) {
            throw new DescriptionException("the channel of its operation '" + name + "' has no address");
        }
        JsonNode own = operation.path("messages");
        List<JsonNode> messages = new ArrayList<>();
        (own.isMissingNode() ? channel.path("messages") : own).forEach(messages::add);
        List<String> servers = new ArrayList<>();
        channel.path("servers").forEach(server -> servers.add(Resolver.name(server)));
        return operation(channel.path("address").asString(), channel, operation, messages, servers, publishing);
    }

    private Operation operation(
            String address,
            JsonNode channel,
            JsonNode operation,
            List<JsonNode> messages,
            List<String> servers,
            boolean publishing)
            throws DescriptionException {
        Map<String, Variable> parameters = Variable.all(channel.path("parameters"), references);
        return new Operation(
                publishing,
                address,
                parameters,
                servers(servers),
                Messages.of(
                        messages, publishing, root.path("defaultContentType").asString(JSON), references),
                references.resolve(operation.path("bindings")).path("http"),
                references.resolve(channel.path("bindings")).path("ws"),
                references);
    }

    /** All of them where the channel names none. */
    private List<Server> servers(List<String> named) throws DescriptionException {
        List<Server> servers = new ArrayList<>();
        for (var member : root.path("servers").properties()) {
            if (named.isEmpty() || named.contains(member.getKey())) {
                servers.add(Server.of(member.getKey(), references.resolve(member.getValue()), references));
            }
        }
        return servers;
    }
}
