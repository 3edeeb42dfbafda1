package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One parameter of an operation and how its value is written (OpenAPI 3.1, "Style Values"; Swagger 2.0, "collectionFormat").
 *
 * @param in      {@code path}, {@code query}, {@code header} or {@code cookie}
 * @param style   as OpenAPI 3 names it, {@code json} or {@code text} for one that has a {@code content}
 * @param explode whether each element is written by itself
 */
record Parameter(String name, String in, String style, boolean explode, boolean required) {

    static Parameter of(JsonNode described) throws DescriptionException {
        String name = described.path("name").asString("");
        String in = described.path("in").asString("");
        String otherwise = switch (in) {
            case "path", "header" -> "simple";
            case "query", "cookie" -> "form";
            default ->
                throw new DescriptionException("its parameter '" + name + "' is in '" + in + "', which there is not");
        };
        boolean required = described.path("required").asBoolean(false) || in.equals("path");
        if (described.has("content")) {
            boolean json = described.path("content").propertyNames().stream().anyMatch(MediaTypes::json);
            return new Parameter(name, in, json ? "json" : "text", false, required);
        }
        if (described.has("type") && !described.has("schema")) {
            return collected(
                    name, in, otherwise, described.path("collectionFormat").asString("csv"), required);
        }
        String style = described.path("style").asString(otherwise);
        return new Parameter(name, in, style, described.path("explode").asBoolean(style.equals("form")), required);
    }

    /** One of Swagger, by its {@code collectionFormat}. */
    static Parameter collected(String name, String in, String style, String format, boolean required) {
        return switch (format) {
            case "multi" -> new Parameter(name, in, style, true, required);
            case "ssv" -> new Parameter(name, in, "spaceDelimited", false, required);
            case "tsv" -> new Parameter(name, in, "tabDelimited", false, required);
            case "pipes" -> new Parameter(name, in, "pipeDelimited", false, required);
            default -> new Parameter(name, in, style, false, required);
        };
    }

    /** What stands for the parameter in a path, encoded. */
    String inPath(JsonNode value) {
        return switch (style) {
            case "label" -> "." + joined(value, explode ? "." : ",", true);
            case "matrix" -> matrix(value);
            case "json" -> encode(Json.text(value));
            default -> joined(value, ",", true);
        };
    }

    /** The value of a header or a cookie. */
    String inHeader(JsonNode value) {
        return style.equals("json") ? Json.text(value) : joined(value, ",", false);
    }

    /** The names and values that it adds to a query, not encoded. */
    List<Map.Entry<String, String>> inQuery(JsonNode value) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        if (style.equals("json")) {
            fields.add(Map.entry(name, Json.text(value)));
        } else if (value.isObject() && style.equals("deepObject")) {
            value.properties()
                    .forEach(member ->
                            fields.add(Map.entry(name + '[' + member.getKey() + ']', scalar(member.getValue()))));
        } else if (value.isObject() && explode) {
            value.properties().forEach(member -> fields.add(Map.entry(member.getKey(), scalar(member.getValue()))));
        } else if (value.isArray() && explode) {
            value.forEach(element -> fields.add(Map.entry(name, scalar(element))));
        } else {
            String separator = switch (style) {
                case "spaceDelimited" -> " ";
                case "pipeDelimited" -> "|";
                case "tabDelimited" -> "\t";
                default -> ",";
            };
            fields.add(Map.entry(name, joined(value, separator, false)));
        }
        return fields;
    }

    private String matrix(JsonNode value) {
        if (value.isArray() && explode) {
            StringBuilder text = new StringBuilder();
            value.forEach(element -> text.append(';').append(name).append('=').append(encode(scalar(element))));
            return text.toString();
        }
        if (value.isObject() && explode) {
            return ";" + joined(value, ";", true);
        }
        return ";" + name + "=" + joined(value, ",", true);
    }

    private String joined(JsonNode value, String separator, boolean encoded) {
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> parts.add(part(element, encoded)));
        } else if (value.isObject()) {
            value.properties().forEach(member -> {
                String key = encoded ? encode(member.getKey()) : member.getKey();
                parts.add(key + (explode ? "=" : ",") + part(member.getValue(), encoded));
            });
        } else {
            parts.add(part(value, encoded));
        }
        return String.join(separator, parts);
    }

    private String part(JsonNode value, boolean encoded) {
        return encoded ? encode(scalar(value)) : scalar(value);
    }

    private String scalar(JsonNode value) {
        if (value.isContainer()) {
            throw new ExpressionException("The parameter '" + name + "' is nested deeper than it can be written");
        }
        return value.isNull() ? "" : value.asString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~");
    }
}
