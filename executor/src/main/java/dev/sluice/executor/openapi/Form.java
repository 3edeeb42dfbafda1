package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.openapi.FormField.Kind;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a form, and how values are written: as one text ({@code application/x-www-form-urlencoded}) or as parts. Fields that
 * the document does not have go by their values. Immutable and thread-safe.
 *
 * @param fields by name
 */
record Form(Map<String, FormField> fields) {

    static final Form UNDESCRIBED = new Form(Map.of());

    private static final String PLAIN = "text/plain; charset=UTF-8";
    private static final String BYTES = "application/octet-stream";

    /** Whether a field holds what only a part can hold. */
    boolean hasFiles() {
        return fields.values().stream().anyMatch(field -> field.kind() == Kind.FILE);
    }

    /** The body as one text. */
    String encoded(JsonNode body, String operation) {
        StringBuilder text = new StringBuilder();
        for (var member : checked(body, operation).properties()) {
            FormField field = field(member.getKey());
            field.entries(member.getValue())
                    .forEach(entry -> text.append(text.isEmpty() ? "" : "&")
                            .append(Parameter.encode(entry.getKey()))
                            .append('=')
                            .append(Parameter.encode(text(field, entry.getValue()))));
        }
        return text.toString();
    }

    /** The body in parts. */
    Multipart parts(JsonNode body, String mediaType, String operation) {
        Multipart parts = new Multipart(mediaType);
        for (var member : checked(body, operation).properties()) {
            FormField field = field(member.getKey());
            field.entries(member.getValue()).forEach(entry -> part(parts, field, entry.getKey(), entry.getValue()));
        }
        return parts;
    }

    private FormField field(String name) {
        FormField field = fields.get(name);
        return field == null ? FormField.of(name, false) : field;
    }

    private JsonNode checked(JsonNode body, String operation) {
        if (!body.isObject()) {
            throw new ExpressionException("The body must be an object, since it is sent as a form");
        }
        for (FormField field : fields.values()) {
            JsonNode value = body.path(field.name());
            if (field.required() && (value.isMissingNode() || value.isNull())) {
                throw Operation.missing(field.name(), operation);
            }
        }
        return body;
    }

    private static void part(Multipart parts, FormField field, String name, JsonNode value) {
        String type = field.mediaType();
        switch (field.kind()) {
            case VALUE -> {
                String written = value.isContainer() ? "application/json" : PLAIN;
                parts.add(name, "", written, field.headers(), bytes(text(field, value)));
            }
            case JSON -> parts.add(name, "", type, field.headers(), Json.bytes(value));
            case ENCODED -> parts.add(name, "", type, field.headers(), bytes(encodedText(field, value)));
            case TEXT, FILE -> file(parts, field, name, value);
        }
    }

    private static void file(Multipart parts, FormField field, String name, JsonNode value) {
        FileValue file = FileValue.of(value, field.mediaType(), "The part '" + name + "'");
        String filename = file.filename().isEmpty() && field.kind() == Kind.FILE ? name : file.filename();
        String concrete = field.mediaType().contains("*") ? "" : field.mediaType();
        String type = file.contentType().isEmpty() ? concrete : file.contentType();
        parts.add(name, filename, type.isEmpty() ? BYTES : type, field.headers(), file.content());
    }

    private static String encodedText(FormField field, JsonNode value) {
        if (!value.isString()) {
            throw new ExpressionException(
                    "The part '" + field.name() + "' must be text, in the encoding of the document");
        }
        return value.stringValue();
    }

    private static String text(FormField field, JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isString() && field.kind() != Kind.JSON ? value.stringValue() : Json.text(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
