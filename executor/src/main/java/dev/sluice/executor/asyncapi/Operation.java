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
    /** Headers of a handshake that come from elsewhere. */
    private static final Set<String> OWN = Set.of(
            SUBPROTOCOL,
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-extensions",
            "authorization",
            "connection",
            "host",
            "upgrade");

    private final boolean publishing;
    private final String address;
    private final Map<String, Variable> parameters;
    private final List<Server> servers;
    private final Messages messages;
    private final JsonNode http;
    private final JsonNode ws;
    private final Resolver references;

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
            JsonNode ws,
            Resolver references) {
        this.publishing = publishing;
        this.address = address;
        this.parameters = parameters;
        this.servers = List.copyOf(servers);
        this.messages = messages;
        this.http = http;
        this.ws = ws;
        this.references = references;
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
            case HTTP -> http(server);
            case WS -> webSocket(server);
            case REDIS -> redis(server);
        };
    }

    private Endpoint http(Server server) throws DescriptionException {
        String method =
                http.path("method").asString(publishing ? "POST" : "GET").toUpperCase(Locale.ROOT);
        if (!(publishing ? PUBLISHING : SUBSCRIBING).contains(method)) {
            throw new DescriptionException(
                    (publishing ? "to publish" : "to subscribe") + " by " + method + " is not available");
        }
        BindingFields query = BindingFields.of(http.path("query"), name -> true, references);
        return new Endpoint(Protocol.HTTP, server, address, parameters, method, "", query, BindingFields.NONE);
    }

    private Endpoint webSocket(Server server) throws DescriptionException {
        String method = ws.path("method").asString("GET");
        if (!method.equals("GET")) {
            throw new DescriptionException("a WebSocket that is opened by " + method + " is not available");
        }
        BindingFields query = BindingFields.of(ws.path("query"), name -> true, references);
        BindingFields headers =
                BindingFields.of(ws.path("headers"), name -> !OWN.contains(name.toLowerCase(Locale.ROOT)), references);
        return new Endpoint(Protocol.WS, server, address, parameters, "GET", subprotocol(), query, headers);
    }

    /** The first one that there may be. */
    private String subprotocol() throws DescriptionException {
        JsonNode headers = references.resolve(ws.path("headers"));
        String subprotocol = "";
        for (var header : headers.path("properties").properties()) {
            if (header.getKey().toLowerCase(Locale.ROOT).equals(SUBPROTOCOL)) {
                JsonNode schema = references.resolve(header.getValue());
                subprotocol = schema.path("const")
                        .asString(schema.path("enum").path(0).asString(""));
            }
        }
        boolean required = headers.path("required")
                .valueStream()
                .anyMatch(name -> name.asString("").toLowerCase(Locale.ROOT).equals(SUBPROTOCOL));
        if (required && subprotocol.isEmpty()) {
            throw new DescriptionException("its channel requires a subprotocol of WebSocket and does not say which");
        }
        return subprotocol;
    }

    private Endpoint redis(Server server) throws DescriptionException {
        boolean database = server.path().matches("/?|/[0-9]{1,5}");
        if (!database) {
            throw new DescriptionException(
                    "the path of its server '" + server.name() + "' is not the number of a database of Redis");
        }
        BindingFields none = BindingFields.NONE;
        return new Endpoint(Protocol.REDIS, server, address, parameters, "", "", none, none);
    }
}
