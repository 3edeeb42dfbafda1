package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Where an API is (OpenAPI 3, "Server Object"; Swagger 2.0, "schemes", "host" and "basePath"). */
final class Servers {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)}");
    private static final int LONGEST = 2_000;

    private Servers() {}

    /** The first server of an operation, without a slash at the end. */
    static String of(JsonNode root, JsonNode item, JsonNode operation, URI source) throws DescriptionException {
        String server = root.has("swagger") ? swagger(root, operation, source) : described(root, item, operation);
        if (server.length() > LONGEST) {
            throw new DescriptionException("its server has more than " + LONGEST + " characters");
        }
        try {
            String absolute = source.resolve(new URI(server)).toString();
            return absolute.endsWith("/") ? absolute.substring(0, absolute.length() - 1) : absolute;
        } catch (URISyntaxException e) {
            throw new DescriptionException("its server '" + server + "' is not a URI");
        }
    }

    private static String described(JsonNode root, JsonNode item, JsonNode operation) {
        JsonNode server = Stream.of(operation, item, root)
                .map(owner -> owner.path("servers").path(0))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseGet(() -> root.path("servers").path(0));
        // Each place once: a value that has places of its own would make the next one longer, and so on.
        return VARIABLE.matcher(server.path("url").asString("/"))
                .replaceAll(place -> Matcher.quoteReplacement(server.path("variables")
                        .path(place.group(1))
                        .path("default")
                        .asString(place.group())));
    }

    private static String swagger(JsonNode root, JsonNode operation, URI source) {
        List<String> schemes = new ArrayList<>();
        JsonNode named = operation.has("schemes") ? operation.get("schemes") : root.path("schemes");
        named.forEach(scheme -> schemes.add(scheme.asString("")));
        String own = source.getScheme();
        String scheme = schemes.isEmpty() || schemes.contains(own)
                ? own
                : schemes.contains("https") ? "https" : schemes.getFirst();
        String host = root.path("host").asString(source.getRawAuthority());
        return scheme + "://" + host + root.path("basePath").asString("/");
    }
}
