package dev.sluice.executor.asyncapi;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A channel on a server. What is evaluated is evaluated over an object of {@code variables}, which are those of the server and of
 * whatever else needs a value, and, when a message is published, its {@code payload} and {@code headers}. Immutable and thread-safe.
 *
 * @param protocol   what is spoken
 * @param address    of the channel, with places for parameters
 * @param parameters by name
 * @param method     of requests over HTTP, in upper case
 * @param subprotocol of a WebSocket, empty for none
 * @param query      of its address over HTTP and WebSocket
 * @param handshake  headers by which a WebSocket is opened
 */
public record Endpoint(
        Protocol protocol,
        Server server,
        String address,
        Map<String, Variable> parameters,
        String method,
        String subprotocol,
        BindingFields query,
        BindingFields handshake) {

    public Endpoint {
        parameters = Map.copyOf(parameters);
    }

    /** All that a workflow may give a value, by name. */
    public Map<String, Variable> variables() {
        Map<String, Variable> all = new HashMap<>(handshake.variables());
        all.putAll(query.variables());
        all.putAll(parameters);
        all.putAll(server.variables());
        return all;
    }

    /** Parameters, variables, query parameters and headers that nothing gives a value. */
    public Set<String> unfilled(boolean publishing, Set<String> given) {
        Set<String> unfilled = new TreeSet<>();
        for (String name : Places.names(address)) {
            Variable parameter = parameters.get(name);
            boolean filled = parameter != null
                    && (parameter.otherwise() != null
                            || given.contains(name)
                            || (publishing && parameter.location() != null));
            if (!filled) {
                unfilled.add(name);
            }
        }
        for (String name : Places.names(server.host() + server.path())) {
            if (Objects.requireNonNull(server.variables().get(name)).otherwise() == null && !given.contains(name)) {
                unfilled.add(name);
            }
        }
        unfilled.addAll(query.unfilled(given));
        unfilled.addAll(handshake.unfilled(given));
        return unfilled;
    }

    /** Whether its address is the same for all arguments. */
    public boolean isFixed() {
        return Places.names(server.host() + server.path() + address).isEmpty()
                && query.required().isEmpty();
    }

    /** What its address begins with, such as {@code wss}. */
    public String scheme() {
        return protocol.scheme(server.secure());
    }

    /**
     * Where it is; of Redis the server alone.
     *
     * @throws IllegalArgumentException when the arguments make no address
     */
    public URI uri(JsonNode arguments) {
        JsonNode given = arguments.path("variables");
        String start = scheme() + "://" + server.authority(given) + server.base(given);
        String text = start;
        if (protocol != Protocol.REDIS) {
            String channel = channel(arguments);
            text = channel.isEmpty() || channel.startsWith("/") ? start + channel : start + '/' + channel;
            text = Places.withQuery(text, query.values(given));
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("The address of the server has no host");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The address of the channel is not a URI: " + e.getReason(), e);
        }
    }

    /** The headers by which a WebSocket is opened. Throws {@link IllegalArgumentException} for what is no value. */
    public Map<String, String> handshake(JsonNode arguments) {
        return handshake.values(arguments.path("variables"));
    }

    /** The channel's address, with its parameters. */
    public String channel(JsonNode arguments) {
        boolean path = protocol != Protocol.REDIS;
        return Places.expand(address, name -> {
            String value = value(name, arguments);
            return path ? Places.inPath(name, value) : value;
        });
    }

    private String value(String name, JsonNode message) {
        Variable parameter = Objects.requireNonNull(parameters.get(name));
        Location location = parameter.location();
        String given = Variable.given(name, message.path("variables"));
        String found = given != null || location == null ? given : location.of(message);
        String value = found == null ? parameter.otherwise() : found;
        if (value == null) {
            throw new IllegalArgumentException("The message has no value for the channel's parameter '" + name + "'");
        }
        if (!parameter.allows(value)) {
            throw new IllegalArgumentException("The value of the channel's parameter '" + name + "' is not allowed");
        }
        return value;
    }
}
