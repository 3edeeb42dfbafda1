package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of an operation's request.
 *
 * @param name  the argument that is the whole body; what else no parameter takes makes up a body, if that argument is absent
 * @param types media types that it may have
 * @param form  its fields, where the document names them; empty for a body as a whole
 */
record Body(String name, Collection<String> types, boolean required, List<BodyPart> form) {

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    Body(String name, Collection<String> types, boolean required) {
        this(name, types, required, List.of());
    }

    static Body form(Collection<String> types, List<BodyPart> fields) {
        return new Body("", types.isEmpty() ? List.of(FORM) : types, true, fields);
    }

    /** A type that nobody here can write, or null; text goes out as it is. */
    @Nullable
    String unknownType() {
        String type = mediaType();
        boolean known =
                type.startsWith(JSON) || type.contains("+json") || type.startsWith(FORM) || type.startsWith("text/");
        return known ? null : type;
    }

    /** JSON if it may be that, a form as the next best, what else there is otherwise. */
    String mediaType() {
        return types.stream()
                .filter(type ->
                        type.startsWith(JSON) || type.toLowerCase(Locale.ROOT).contains("+json"))
                .findFirst()
                .or(() -> types.stream().filter(type -> type.startsWith(FORM)).findFirst())
                .or(() -> types.stream().filter(type -> !type.contains("*")).findFirst())
                .orElse(JSON);
    }

    /** The body of arguments, or null for none; {@link ExpressionException} when it is missing. */
    @Nullable
    JsonNode of(JsonNode arguments, ObjectNode rest, String operation) {
        JsonNode whole = form.isEmpty() ? arguments.get(name) : null;
        if (whole == null && !rest.isEmpty()) {
            whole = rest;
        }
        form.stream()
                .filter(part -> part.required() && !rest.has(part.name()))
                .findFirst()
                .ifPresent(part -> {
                    throw missing(part.name(), operation);
                });
        if (whole == null) {
            if (required && form.isEmpty()) {
                throw missing(name, operation);
            }
            return null;
        }
        return mediaType().startsWith(FORM) ? Json.string(encoded(whole)) : whole;
    }

    private static ExpressionException missing(String name, String operation) {
        return new ExpressionException("The parameter '" + name + "' of " + operation + " is missing");
    }

    private static String encoded(JsonNode body) {
        if (!body.isObject()) {
            throw new ExpressionException("The body must be an object, since it is sent as a form");
        }
        StringBuilder text = new StringBuilder();
        body.properties().forEach(field -> {
            JsonNode values =
                    field.getValue().isArray() ? field.getValue() : Json.array().add(field.getValue());
            values.forEach(value -> text.append(text.isEmpty() ? "" : "&")
                    .append(Parameter.encode(field.getKey()))
                    .append('=')
                    .append(Parameter.encode(value.isString() ? value.stringValue() : Json.text(value))));
        });
        return text.toString();
    }
}
