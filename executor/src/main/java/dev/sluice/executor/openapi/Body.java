package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of an operation's request.
 *
 * @param name      the argument that is the whole body; what else no parameter takes makes up a body, if that argument is absent.
 *                  Empty for a body that is made up of fields only
 * @param mediaType which it has, maybe a range
 * @param form      its fields, where it is a form
 */
record Body(String name, String mediaType, boolean required, Form form) {

    static final String JSON = "application/json";
    static final String FORM = "application/x-www-form-urlencoded";
    static final String PARTS = "multipart/form-data";

    /** What is sent: JSON, text, bytes or {@link Multipart} parts. */
    record Content(String mediaType, JsonNode value) {}

    /** Whether there may be a form of this type: of others with several parts nothing says which is which. */
    static boolean isParts(String type) {
        return type.equals(PARTS) || type.equals("multipart/mixed");
    }

    /** The body of arguments, or null for none; {@link ExpressionException} when it is missing or cannot be written. */
    @Nullable
    Content of(ObjectNode rest, String operation) {
        JsonNode whole = name.isEmpty() ? null : rest.get(name);
        if (whole != null && rest.size() > 1) {
            throw new ExpressionException("The argument '" + name + "' is the whole body of " + operation
                    + ", beside which there are arguments that are no parameters");
        }
        if (whole == null && rest.isEmpty() && !name.isEmpty()) {
            if (required) {
                throw Operation.missing(name, operation);
            }
            return null;
        }
        JsonNode body = whole == null ? rest : whole;
        String type = MediaTypes.essence(mediaType);
        if (MediaTypes.json(type)) {
            return new Content(mediaType, body);
        }
        if (type.equals(FORM)) {
            return new Content(mediaType, Json.string(form.encoded(body, operation)));
        }
        if (isParts(type)) {
            Multipart parts = form.parts(body, type, operation);
            return new Content(type, JsonNodeFactory.instance.pojoNode(parts));
        }
        return file(body, "The body of " + operation);
    }

    private Content file(JsonNode body, String what) {
        FileValue file = FileValue.of(body, mediaType, what);
        if (!file.filename().isEmpty()) {
            throw new ExpressionException(what + " has a file name, which only parts have");
        }
        boolean incomplete = mediaType.contains("*") || mediaType.startsWith("multipart/");
        if (file.contentType().isEmpty() && incomplete) {
            throw new ExpressionException(what + " must say its 'contentType', which is one of " + mediaType);
        }
        String type = file.contentType().isEmpty() ? mediaType : file.contentType();
        return new Content(type, JsonNodeFactory.instance.binaryNode(file.content()));
    }
}
