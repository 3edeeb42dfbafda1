package dev.sluice.executor.definition;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Reads where an agent takes JSON-RPC from its card (A2A 0.3, section 5.5; A2A 1.0, section 4.4.1). */
final class AgentCard {

    private static final String JSON_RPC = "JSONRPC";
    private static final int LONGEST = 100;

    private AgentCard() {}

    /**
     * The interface whose methods have the names that the DSL uses.
     *
     * @throws IllegalArgumentException when the card has none, with the reason
     */
    static URI jsonRpc(JsonNode card) {
        if (!card.isObject()) {
            throw new IllegalArgumentException("an agent's card is an object");
        }
        return card.has("supportedInterfaces") ? ofVersion1(card) : ofVersion0(card);
    }

    /** The preferred interface first, then the others. */
    private static URI ofVersion0(JsonNode card) {
        Map<String, String> interfaces = new LinkedHashMap<>();
        interfaces.put(
                card.path("preferredTransport").asString(JSON_RPC),
                card.path("url").asString(""));
        for (JsonNode other : card.path("additionalInterfaces")) {
            interfaces.putIfAbsent(
                    other.path("transport").asString(""), other.path("url").asString(""));
        }
        String url = interfaces.get(JSON_RPC);
        if (url == null) {
            throw new IllegalArgumentException(
                    "the agent takes " + shortened(String.join(", ", interfaces.keySet())) + " and no " + JSON_RPC);
        }
        return address(url);
    }

    /** Agents of later versions may take the former one too. */
    private static URI ofVersion1(JsonNode card) {
        for (JsonNode offered : card.path("supportedInterfaces")) {
            boolean named = JSON_RPC.equals(offered.path("protocolBinding").asString(""));
            if (named && offered.path("protocolVersion").asString("").startsWith("0.")) {
                return address(offered.path("url").asString(""));
            }
        }
        throw new IllegalArgumentException("the agent takes no " + JSON_RPC
                + " of A2A 0.3, whose methods the DSL names; later versions have other ones");
    }

    private static URI address(String url) {
        try {
            URI uri = URI.create(url);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
            boolean http = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http");
            if (http && uri.getRawAuthority() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "the agent's url '" + shortened(url) + "' is not an absolute http or https URI");
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
