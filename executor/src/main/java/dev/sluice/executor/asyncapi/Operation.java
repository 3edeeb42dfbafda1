package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a workflow does on a channel: it publishes messages, or it takes those that come. */
public final class Operation {

    private static final Set<String> PUBLISHING = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> SUBSCRIBING = Set.of("GET", "POST");
    private static final String SUBPROTOCOL = "sec-websocket-protocol";

    private final boolean publishing;
    private final String address;
    private final Map<String, Variable> parameters;
    private final List<Server> servers;
    private final Messages messages;
    private final JsonNode http;
    private final JsonNode ws;

    /**
     * An operation of a document.
     *
     * @param http what its bindings say of HTTP, maybe nothing
     * @param ws   what its channel's bindings say of WebSocket, maybe nothing
     */
    Operation(
            boolean publishing,
            String address,
            Map<String, Variable> parameters,
            List<Server> servers,
            Messages messages,
            JsonNode http,
            JsonNode ws) {
        this.publishing = publishing;
        this.address = address;
        this.parameters = parameters;
        this.servers = List.copyOf(servers);
        this.messages = messages;
        this.http = http;
        this.ws = ws;
    }

    /** Where its channel is, in the order of the document. */
    public List<Server> servers() {
        return servers;
    }

    /** What goes or comes. */
    public Messages messages() {
        return messages;
    }

    /** Its channel on a server whose protocol is available. */
    public Endpoint on(Server server) throws DescriptionException {
        Protocol protocol = server.speaks();
        if (protocol == null) {
            throw new DescriptionException("its server '" + server.name() + "' speaks '" + server.protocol()
                    + "', which is not available, only " + Protocol.available());
        }
        if (publishing && server.streamsOnly()) {
            throw new DescriptionException("its server '" + server.name()
                    + "' speaks 'sse', by which messages come and none can be published; that is not available");
        }
        return switch (protocol) {
            case HTTP -> endpoint(protocol, server, method(), "");
            case WS -> webSocket(server);
            case REDIS -> redis(server);
        };
    }

    private Endpoint endpoint(Protocol protocol, Server server, String method, String subprotocol) {
        return new Endpoint(protocol, server, address, parameters, method, subprotocol);
    }

    private String method() throws DescriptionException {
        requireNone(http.path("query"), "query parameters");
        String method =
                http.path("method").asString(publishing ? "POST" : "GET").toUpperCase(Locale.ROOT);
        if (!(publishing ? PUBLISHING : SUBSCRIBING).contains(method)) {
            throw new DescriptionException(
                    (publishing ? "to publish" : "to subscribe") + " by " + method + " is not available");
        }
        return method;
    }

    private Endpoint webSocket(Server server) throws DescriptionException {
        String method = ws.path("method").asString("GET");
        if (!method.equals("GET")) {
            throw new DescriptionException("a WebSocket that is opened by " + method + " is not available");
        }
        requireNone(ws.path("query"), "query parameters");
        String subprotocol = "";
        for (var header : ws.path("headers").path("properties").properties()) {
            if (header.getKey().toLowerCase(Locale.ROOT).equals(SUBPROTOCOL)) {
                JsonNode schema = header.getValue();
                subprotocol = schema.path("const")
                        .asString(schema.path("enum").path(0).asString(""));
            }
        }
        for (JsonNode required : ws.path("headers").path("required")) {
            if (!required.asString("").toLowerCase(Locale.ROOT).equals(SUBPROTOCOL) || subprotocol.isEmpty()) {
                throw new DescriptionException("its channel requires headers, which is not available over WebSocket");
            }
        }
        return endpoint(Protocol.WS, server, "GET", subprotocol);
    }

    private Endpoint redis(Server server) throws DescriptionException {
        boolean database = server.path().matches("/?|/[0-9]{1,5}");
        if (!database) {
            throw new DescriptionException(
                    "the path of its server '" + server.name() + "' is not the number of a database of Redis");
        }
        return endpoint(Protocol.REDIS, server, "", "");
    }

    /** The specification has no place for what these would be. */
    private static void requireNone(JsonNode schema, String what) throws DescriptionException {
        if (!schema.path("required").isEmpty()) {
            throw new DescriptionException("it requires " + what + ", which is not available");
        }
    }
}
