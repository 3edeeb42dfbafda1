package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A URI in which <code>{name}</code> stands for a property of the input: RFC 6570's simple expansion, with the name taken
 * verbatim (DSL reference, "URI Template"). A property that is absent expands to nothing.
 */
final class UriTemplate implements Template {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern OPERATOR = Pattern.compile("[+#./;?&=,!@|].*");
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /** Literal, name, literal, name, …, literal. */
    private final List<String> parts;

    private UriTemplate(List<String> parts) {
        this.parts = parts;
    }

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException when it is not one, with the reason
     */
    static UriTemplate parse(String text) {
        List<String> parts = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(text);
        int from = 0;
        while (variable.find()) {
            if (variable.group(1).isEmpty()
                    || OPERATOR.matcher(variable.group(1)).matches()) {
                throw new IllegalArgumentException(
                        "only simple expansion such as {petId} is supported in a URI, not " + variable.group());
            }
            parts.add(text.substring(from, variable.start()));
            parts.add(variable.group(1));
            from = variable.end();
        }
        parts.add(text.substring(from));
        UriTemplate template = new UriTemplate(List.copyOf(parts));
        template.check();
        return template;
    }

    /** The URI with each variable replaced by a letter. */
    URI sample() throws URISyntaxException {
        return new URI(expand(name -> "x"));
    }

    private void check() {
        try {
            var _ = sample();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "not a valid URI: " + e.getReason() + " at character " + (e.getIndex() + 1), e);
        }
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        return Json.string(expand(name -> encoded(name, input.isObject() ? input.get(name) : null)));
    }

    private String expand(UnaryOperator<String> value) {
        StringBuilder uri = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            uri.append(i % 2 == 0 ? part : value.apply(part));
        }
        return uri.toString();
    }

    private static String encoded(String name, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "";
        }
        if (value.isContainer()) {
            throw new ExpressionException(
                    "{" + name + "} of the URI must be a string, a number or a boolean, not " + Fields.kind(value));
        }
        StringBuilder encoded = new StringBuilder();
        for (byte octet : value.asString().getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(String.format("%02X", octet));
            }
        }
        return encoded.toString();
    }
}
