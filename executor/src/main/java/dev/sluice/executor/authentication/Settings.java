package dev.sluice.executor.authentication;

import dev.sluice.executor.authentication.AuthenticationException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The evaluated properties of a scheme; also those that come from a secret, which nobody has checked before. */
final class Settings {

    private static final int LONGEST_URI = 2_000;

    private final JsonNode node;
    private final String where;

    private Settings(JsonNode node, String where) {
        this.node = node;
        this.where = where;
    }

    static Settings of(JsonNode node) {
        if (!node.isObject()) {
            throw new AuthenticationException(
                    Reason.CONFIGURATION, "The settings of the authentication are no object.");
        }
        return new Settings(node, "");
    }

    /** Settings within these; empty ones when there are none. */
    Settings in(String name) {
        return new Settings(node.path(name), where + name + '.');
    }

    Optional<String> text(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value.isContainer()) {
            throw wrong(name, "must be text");
        }
        return Optional.of(value.asString());
    }

    String required(String name) {
        return text(name).filter(text -> !text.isEmpty()).orElseThrow(() -> wrong(name, "is missing"));
    }

    /** Texts of a list. */
    List<String> texts(String name) {
        return node.path(name)
                .valueStream()
                .map(value -> value.asString(""))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    URI uri(String name) {
        return absolute(name, required(name));
    }

    /** A path below another URI, or a URI of its own. */
    URI below(URI base, String name, String otherwise) {
        String path = text(name).orElse(otherwise);
        if (path.contains("://")) {
            return absolute(name, path);
        }
        String root = base.toString();
        return absolute(
                name,
                (root.endsWith("/") ? root.substring(0, root.length() - 1) : root)
                        + (path.startsWith("/") ? path : "/" + path));
    }

    AuthenticationException wrong(String name, String what) {
        return new AuthenticationException(
                Reason.CONFIGURATION, "'" + where + name + "' of the authentication " + what + ".");
    }

    private URI absolute(String name, String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (text.length() > LONGEST_URI) {
                throw wrong(name, "is longer than " + LONGEST_URI + " characters");
            }
            if (uri.getRawAuthority() != null && (scheme.equals("https") || scheme.equals("http"))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw wrong(name, "is not a URI: " + e.getReason());
        }
        throw wrong(name, "must be an absolute http or https URI");
    }
}
