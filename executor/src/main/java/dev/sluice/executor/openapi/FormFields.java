package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.References;
import dev.sluice.executor.openapi.FormField.Kind;
import dev.sluice.shared.outbound.MediaTypes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads what a document says of the fields of a form: their schemas, and how they are encoded (OpenAPI 3, "Encoding Object"). */
final class FormFields {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E]*");
    /** Ranges too. */
    private static final Pattern TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "( *;" + VALUE + ")?");
    /** Each part has these, from elsewhere. */
    private static final Set<String> OWN = Set.of("content-type", "content-disposition");

    private final Schemas schemas;
    private final References others;

    FormFields(References others) {
        this.schemas = new Schemas(others);
        this.others = others;
    }

    /**
     * The form of a media type.
     *
     * @param styled whether values may be written as those of parameters: until OpenAPI 3.1 those of parts are not
     */
    Form of(Located media, boolean styled) throws DescriptionException {
        Located schema = media.at(media.node().path("schema"));
        Set<String> required = schemas.required(schema);
        JsonNode encodings = media.node().path("encoding");
        Map<String, FormField> fields = new LinkedHashMap<>();
        for (var property : schemas.properties(schema).entrySet()) {
            String name = property.getKey();
            Located encoding = media.at(encodings.path(name));
            boolean wanted = required.contains(name) && !isReadOnly(property.getValue());
            fields.put(name, field(name, wanted, property.getValue(), encoding, styled));
        }
        return new Form(fields);
    }

    /** Such a property is required of responses only (OpenAPI 3.0, "Schema Object"). */
    private boolean isReadOnly(Located property) throws DescriptionException {
        return schemas.keyword(property, "readOnly").node().asBoolean(false);
    }

    private FormField field(String name, boolean required, Located property, Located encoding, boolean styled)
            throws DescriptionException {
        JsonNode described = encoding.node();
        String type = described.path("contentType").asString("");
        Map<String, String> headers = headers(name, encoding);
        boolean asParameter = styled
                && type.isEmpty()
                && (described.has("style") || described.has("explode") || described.has("allowReserved"));
        if (asParameter) {
            String style = described.path("style").asString("form");
            boolean explode = described.path("explode").asBoolean(style.equals("form"));
            Parameter parameter = new Parameter(name, "query", style, explode, required);
            return new FormField(name, required, Kind.VALUE, "", headers, parameter);
        }
        boolean list = schemas.text(property, "type").equals("array");
        Located schema = list ? schemas.keyword(property, "items") : property;
        String named = concrete(type.isEmpty() ? schemas.text(schema, "contentMediaType") : type);
        if (!named.isEmpty() && !TYPE.matcher(named).matches()) {
            throw new DescriptionException("the type of its part '" + name + "' is no media type");
        }
        String encoded = schemas.text(schema, "contentEncoding");
        if (!encoded.isEmpty()) {
            String otherwise = named.isEmpty() ? "application/octet-stream" : named;
            return new FormField(name, required, Kind.ENCODED, otherwise, headers, null);
        }
        return new FormField(name, required, kind(schema, named, type.isEmpty()), named, headers, null);
    }

    private Kind kind(Located schema, String mediaType, boolean bySchema) throws DescriptionException {
        if (schemas.text(schema, "format").equals("binary")
                || schemas.text(schema, "type").equals("file")) {
            return Kind.FILE;
        }
        if (mediaType.isEmpty()) {
            return Kind.VALUE;
        }
        if (MediaTypes.json(mediaType)) {
            // A schema that names a media type is one of text.
            return bySchema ? Kind.ENCODED : Kind.JSON;
        }
        return MediaTypes.text(mediaType) ? Kind.TEXT : Kind.FILE;
    }

    /** The first of several that is no range, or the first range. */
    private static String concrete(String types) {
        String range = "";
        for (String type : types.split(",", -1)) {
            if (!type.contains("*")) {
                return type.strip();
            }
            range = range.isEmpty() ? type.strip() : range;
        }
        return range;
    }

    /** Those that have one value: a workflow has no place for others. */
    private Map<String, String> headers(String part, Located encoding) throws DescriptionException {
        Map<String, String> headers = new TreeMap<>();
        for (var member : encoding.node().path("headers").properties()) {
            String name = member.getKey();
            if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
                continue;
            }
            Located header = encoding.at(member.getValue()).resolved(others);
            JsonNode value = fixed(header.at(header.node().path("schema")));
            if (value.isValueNode() && !value.isMissingNode()) {
                headers.put(name, checked(part, name, value.asString("")));
            } else if (header.node().path("required").asBoolean(false)) {
                throw new DescriptionException("its part '" + part + "' requires the header '" + name
                        + "', for which the document has no value and a workflow no place");
            }
        }
        return headers;
    }

    private JsonNode fixed(Located schema) throws DescriptionException {
        JsonNode constant = schemas.keyword(schema, "const").node();
        if (!constant.isMissingNode()) {
            return constant;
        }
        JsonNode values = schemas.keyword(schema, "enum").node();
        return values.size() == 1
                ? values.path(0)
                : schemas.keyword(schema, "default").node();
    }

    private static String checked(String part, String name, String value) throws DescriptionException {
        if (!TOKEN.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            throw new DescriptionException("the header '" + name + "' of its part '" + part + "' is no header");
        }
        return value;
    }
}
