package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation of an API. Its templates are evaluated over an object of arguments: values of parameters by name, and the
 * body's. Immutable and thread-safe.
 */
public final class Operation {

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

    private final String id;
    private final String method;
    private final String server;
    private final String path;
    private final List<Parameter> parameters;
    private final @Nullable Body body;

    Operation(String id, String method, String server, String path, List<Parameter> parameters, @Nullable Body body) {
        this.id = id;
        this.method = method;
        this.server = server;
        this.path = path;
        this.parameters = parameters;
        this.body = body;
    }

    /** In upper case. */
    public String method() {
        return method;
    }

    /** The names of its arguments. */
    public Set<String> arguments() {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        if (body != null) {
            body.form().forEach(part -> names.add(part.name()));
            if (body.form().isEmpty()) {
                names.add(body.name());
            }
        }
        return names;
    }

    /** Whether arguments that it does not name are members of its body. */
    public boolean takesOthers() {
        return body != null && body.form().isEmpty();
    }

    /** The URI, as text. */
    public Template uri() {
        return (input, arguments) -> Json.string(server + path(object(input)));
    }

    /** An object of query parameters, of which those that are repeated are arrays. */
    public Template query() {
        return (input, arguments) -> {
            ObjectNode query = Json.object();
            given(
                    "query",
                    object(input),
                    (parameter, value) ->
                            parameter.inQuery(value).forEach(field -> add(query, field.getKey(), field.getValue())));
            return query;
        };
    }

    /** An object of headers. */
    public Template headers() {
        return (input, arguments) -> {
            ObjectNode headers = Json.object();
            JsonNode object = object(input);
            given("header", object, (parameter, value) -> headers.put(parameter.name(), parameter.inHeader(value)));
            List<String> cookies = new ArrayList<>();
            given(
                    "cookie",
                    object,
                    (parameter, value) ->
                            cookies.add(parameter.name() + '=' + Parameter.encode(parameter.inHeader(value))));
            if (!cookies.isEmpty()) {
                headers.put("Cookie", String.join("; ", cookies));
            }
            if (body != null) {
                headers.put("Content-Type", body.mediaType());
            }
            return headers;
        };
    }

    /** The body, which may be absent: then it evaluates to a missing node. Absent when the operation has none. */
    public @Nullable Template body() {
        Body described = body;
        return described == null ? null : (input, arguments) -> content(described, object(input));
    }

    private JsonNode content(Body described, JsonNode input) {
        ObjectNode rest = Json.object();
        Set<String> taken = new LinkedHashSet<>();
        parameters.forEach(parameter -> taken.add(parameter.name()));
        input.properties().stream()
                .filter(member -> !taken.contains(member.getKey()))
                .forEach(member -> rest.set(member.getKey(), member.getValue()));
        JsonNode content = described.of(input, rest, id);
        return content == null ? MissingNode.getInstance() : content;
    }

    private interface Writer {
        void write(Parameter parameter, JsonNode value);
    }

    private void given(String in, JsonNode input, Writer writer) {
        for (Parameter parameter : parameters) {
            if (parameter.in().equals(in)) {
                JsonNode value = input.path(parameter.name());
                if (!value.isMissingNode() && !value.isNull()) {
                    writer.write(parameter, value);
                } else if (parameter.required()) {
                    throw missing(parameter);
                }
            }
        }
    }

    private String path(JsonNode input) {
        Map<String, String> values = new HashMap<>();
        given("path", input, (parameter, value) -> {
            String text = parameter.inPath(value);
            if (text.equals(".") || text.equals("..")) {
                throw new ExpressionException("The parameter '" + parameter.name() + "' of " + id + " leads elsewhere");
            }
            values.put(parameter.name(), text);
        });
        return PLACE.matcher(path)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")));
    }

    private ExpressionException missing(Parameter parameter) {
        return new ExpressionException("The parameter '" + parameter.name() + "' of " + id + " is missing");
    }

    private JsonNode object(JsonNode input) {
        if (!input.isObject()) {
            throw new ExpressionException("The parameters of " + id + " are not an object");
        }
        return input;
    }

    private static void add(ObjectNode query, String name, String value) {
        JsonNode former = query.get(name);
        if (former == null) {
            query.put(name, value);
        } else if (former instanceof ArrayNode list) {
            list.add(value);
        } else {
            query.set(name, Json.array().add(former).add(value));
        }
    }
}
