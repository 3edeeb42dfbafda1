package dev.sluice.executor.description;

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
public record Located(JsonNode node, JsonNode root, URI base) {

    private static final int MOST_HOPS = 20;
    private static final String REFERENCE = "$ref";

    /** Another part of the same document. */
    public Located at(JsonNode other) {
        return new Located(other, root, base);
    }

    /** A document as a whole. */
    public static Located whole(JsonNode root, URI base) {
        return new Located(root, root, base);
    }

    /**
     * What the references here lead to; this itself when there are none.
     *
     * @throws PendingException     while a document has yet to be fetched
     * @throws DescriptionException when they lead nowhere, or in a circle
     */
    public Located resolved(References others) throws DescriptionException {
        Located current = this;
        for (int hop = 0; current.node.has(REFERENCE); hop++) {
            if (hop == MOST_HOPS) {
                String reference = current.node.path(REFERENCE).asString("");
                throw new DescriptionException("'" + reference + "' leads in a circle");
            }
            current = current.followed(others);
        }
        return current;
    }

    /** What its reference leads to, which may be another one. */
    public Located followed(References others) throws DescriptionException {
        JsonNode reference = node.path(REFERENCE);
        if (!reference.isString()) {
            throw new DescriptionException("a '$ref' is no text");
        }
        return followed(reference.stringValue(), others);
    }

    /** What a reference leads to from here. Its fragment is a JSON pointer: the anchors that schemas may have are not looked for. */
    public Located followed(String reference, References others) throws DescriptionException {
        int hash = reference.indexOf('#');
        String address = hash < 0 ? reference : reference.substring(0, hash);
        String fragment = hash < 0 ? "" : decoded(reference.substring(hash + 1));
        if (!fragment.isEmpty() && !fragment.startsWith("/")) {
            throw new DescriptionException("'" + reference + "' names an anchor, which is not available, only a JSON"
                    + " pointer, such as #/components/schemas/order");
        }
        Located document = address.isEmpty() ? this : other(address, reference, others);
        JsonNode found = document.root.at(fragment);
        if (found.isMissingNode()) {
            throw new DescriptionException("'" + reference + "' leads nowhere");
        }
        return document.at(found);
    }

    private Located other(String address, String reference, References others) throws DescriptionException {
        URI uri;
        try {
            uri = base.resolve(new URI(address));
        } catch (URISyntaxException e) {
            throw new DescriptionException("'" + reference + "' is no reference");
        }
        JsonNode other = others.document(uri);
        if (other == null) {
            throw new PendingException(reference);
        }
        return new Located(other, other, uri);
    }

    private static String decoded(String fragment) throws DescriptionException {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new DescriptionException("'#" + fragment + "' is no reference");
        }
    }
}
