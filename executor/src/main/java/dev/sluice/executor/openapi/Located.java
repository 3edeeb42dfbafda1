package dev.sluice.executor.openapi;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * A part of a document, from which references lead on.
 *
 * @param root the whole document
 * @param base where it is from
 */
record Located(JsonNode node, JsonNode root, URI base) {

    private static final int MOST_HOPS = 20;

    /** Another part of the same document. */
    Located at(JsonNode other) {
        return new Located(other, root, base);
    }

    /** What the references here lead to; this itself when there are none. */
    Located resolved(References others) throws OpenApiException {
        Located current = this;
        for (int hop = 0; current.node.has("$ref"); hop++) {
            String reference = current.node.path("$ref").asString("");
            if (hop == MOST_HOPS) {
                throw new OpenApiException("'" + reference + "' leads in a circle");
            }
            current = current.followed(others);
        }
        return current;
    }

    /** What its reference leads to, which may be another one. */
    Located followed(References others) throws OpenApiException {
        String reference = node.path("$ref").asString("");
        int hash = reference.indexOf('#');
        String address = hash < 0 ? reference : reference.substring(0, hash);
        String fragment = hash < 0 ? "" : decoded(reference.substring(hash + 1));
        Located document = address.isEmpty() ? this : other(address, reference, others);
        boolean pointer = fragment.isEmpty() || fragment.startsWith("/");
        JsonNode found = pointer ? document.root.at(fragment) : document.root.path("");
        if (found.isMissingNode()) {
            throw new OpenApiException("'" + reference + "' leads nowhere");
        }
        return document.at(found);
    }

    private Located other(String address, String reference, References others) throws OpenApiException {
        URI uri;
        try {
            uri = base.resolve(new URI(address));
        } catch (URISyntaxException e) {
            throw new OpenApiException("'" + reference + "' is no reference");
        }
        JsonNode other = others.document(uri);
        if (other == null) {
            throw new PendingException(reference);
        }
        return new Located(other, other, uri);
    }

    private static String decoded(String fragment) throws OpenApiException {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new OpenApiException("'#" + fragment + "' is no reference");
        }
    }
}
