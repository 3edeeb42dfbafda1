package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.References;
import dev.sluice.shared.outbound.MediaTypes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads what a document says of bodies (OpenAPI 3, "Request Body Object"; Swagger 2.0, "body" and "formData"). */
final class Bodies {

    private final References others;
    private final boolean styledParts;

    /** Reads those of a document; whether it may say how values of parts are written. */
    Bodies(References others, boolean styledParts) {
        this.others = others;
        this.styledParts = styledParts;
    }

    /** That of an OpenAPI document. */
    Body described(Located request) throws DescriptionException {
        JsonNode content = request.node().path("content");
        Map<String, Form> forms = new LinkedHashMap<>();
        FormFields fields = new FormFields(others);
        for (var media : content.properties()) {
            String type = MediaTypes.essence(media.getKey());
            if (type.equals(Body.FORM) || Body.isParts(type)) {
                boolean styled = styledParts || type.equals(Body.FORM);
                forms.put(media.getKey(), fields.of(request.at(media.getValue()), styled));
            }
        }
        boolean files = forms.values().stream().anyMatch(Form::hasFiles);
        String type = best(content.propertyNames(), files);
        return new Body("body", type, required(request.node()), forms.getOrDefault(type, Form.UNDESCRIBED));
    }

    /** That of a Swagger document. */
    static Body consumed(JsonNode parameter, Collection<String> types) {
        String name = parameter.path("name").asString("");
        return new Body(name, best(types, false), required(parameter), Form.UNDESCRIBED);
    }

    /** That of a Swagger document which is made up of fields; whatever else it consumes, a form has one of two types. */
    static Body fields(Collection<JsonNode> parameters, Collection<String> types) {
        Map<String, FormField> fields = new LinkedHashMap<>();
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asString("");
            fields.put(name, field(name, parameter));
        }
        Form form = new Form(fields);
        List<String> suitable =
                types.stream().filter(type -> isForm(MediaTypes.essence(type))).toList();
        String otherwise = form.hasFiles() ? Body.PARTS : Body.FORM;
        String type = suitable.isEmpty() || form.hasFiles() ? otherwise : best(suitable, false);
        return new Body("", type, true, form);
    }

    private static FormField field(String name, JsonNode parameter) {
        return switch (parameter.path("type").asString("")) {
            case "file" -> FormField.file(name, required(parameter));
            case "array" ->
                FormField.styled(Parameter.collected(
                        name,
                        "query",
                        "form",
                        parameter.path("collectionFormat").asString("csv"),
                        required(parameter)));
            default -> FormField.of(name, required(parameter));
        };
    }

    private static boolean isForm(String type) {
        return type.equals(Body.FORM) || type.equals(Body.PARTS);
    }

    /** JSON if it may be that, a form as the next best, then text, then anything; a range as what is most likely of it. */
    private static String best(Collection<String> types, boolean files) {
        Predicate<String> parts = type -> Body.isParts(MediaTypes.essence(type));
        Predicate<String> form = type -> MediaTypes.essence(type).equals(Body.FORM);
        Predicate<String> concrete = type -> !type.contains("*");
        String found = Stream.<Predicate<String>>of(
                        MediaTypes::json,
                        files ? parts : form,
                        form,
                        parts,
                        concrete.and(MediaTypes::text),
                        concrete,
                        type -> true)
                .flatMap(wanted -> types.stream().filter(wanted))
                .findFirst()
                .orElse(Body.JSON);
        return switch (MediaTypes.essence(found)) {
            case "", "*", "*/*", "application/*" -> Body.JSON;
            case "text/*" -> "text/plain; charset=UTF-8";
            case "multipart/*" -> Body.PARTS;
            default -> found;
        };
    }

    private static boolean required(JsonNode described) {
        return described.path("required").asBoolean(false);
    }
}
