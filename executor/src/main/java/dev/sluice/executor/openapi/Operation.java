package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation of an API. It makes requests of objects of arguments: values of parameters by name, and the body's. Immutable and
 * thread-safe.
 */
public final class Operation {

    /** Of a request: its address, as text. */
    public static final String URI = "uri";

    /** Of a request: an object of query parameters, of which those that are repeated are arrays. */
    public static final String QUERY = "query";

    /** Of a request: an object of headers. */
    public static final String HEADERS = "headers";

    /** Of a request: its body, if it has one. It is JSON, text, bytes, or the {@link Multipart} of a POJO node. */
    public static final String BODY = "body";

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

    private final String id;
    private final String method;
    private final String server;
    private final String path;
    private final List<Parameter> parameters;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> ignored;
    private final @Nullable Body body;

    Operation(
            String id,
            String method,
            String server,
            String path,
            List<Parameter> parameters,
            Set<String> ignored,
            @Nullable Body body) {
        this.id = id;
        this.method = method;
        this.server = server;
        this.path = path;
        this.parameters = parameters;
        this.ignored = Set.copyOf(ignored);
        this.body = body;
        parameters.forEach(parameter -> names.add(parameter.name()));
    }

    /** What its address begins with, such as {@code https}. */
    public String scheme() {
        return server.substring(0, Math.max(0, server.indexOf(':')));
    }

    /** In upper case. */
    public String method() {
        return method;
    }

    /** The names of its arguments. */
    public Set<String> arguments() {
        Set<String> all = new LinkedHashSet<>(names);
        if (body != null) {
            all.addAll(body.name().isEmpty() ? body.form().fields().keySet() : Set.of(body.name()));
        }
        return all;
    }

    /** Whether the description has a header of this name as a parameter, which OpenAPI ignores, and nothing else of the name. */
    public boolean ignores(String name) {
        return ignored.contains(name) && !arguments().contains(name);
    }

    /** What is told of an argument for such a header. It must not end up in the body, which takes what no parameter does. */
    public static String ignoring(String name) {
        return "OpenAPI ignores parameters for the header '" + name
                + "': 'authentication' and the media types of bodies say what it is";
    }

    /** Whether arguments that it does not name are members of its body, when these are all of its arguments. */
    public boolean takesOthers(Set<String> given) {
        return body != null && !body.name().isEmpty() && (!given.contains(body.name()) || names.contains(body.name()));
    }

    /**
     * The request for an object of arguments. What is missing in it is absent in the request.
     *
     * @throws ExpressionException when an argument is missing, is for what is ignored, or cannot be written as the document says
     */
    public ObjectNode request(JsonNode arguments) {
        if (!arguments.isObject()) {
            throw new ExpressionException("The parameters of " + id + " are not an object");
        }
        arguments.propertyNames().stream().filter(this::ignores).findFirst().ifPresent(name -> {
            throw new ExpressionException(ignoring(name));
        });
        ObjectNode request = Json.object();
        request.put(URI, server + path(arguments));
        request.set(QUERY, query(arguments));
        ObjectNode headers = headers(arguments);
        Body.Content content = body == null ? null : body.of(rest(arguments), id);
        if (content != null) {
            headers.put("Content-Type", content.mediaType());
            request.set(BODY, content.value());
        }
        request.set(HEADERS, headers);
        return request;
    }

    private ObjectNode query(JsonNode arguments) {
        ObjectNode query = Json.object();
        given(
                "query",
                arguments,
                (parameter, value) ->
                        parameter.inQuery(value).forEach(field -> add(query, field.getKey(), field.getValue())));
        return query;
    }

    private ObjectNode headers(JsonNode arguments) {
        ObjectNode headers = Json.object();
        given("header", arguments, (parameter, value) -> headers.put(parameter.name(), parameter.inHeader(value)));
        List<String> cookies = new ArrayList<>();
        given(
                "cookie",
                arguments,
                (parameter, value) ->
                        cookies.add(parameter.name() + '=' + Parameter.encode(parameter.inHeader(value))));
        if (!cookies.isEmpty()) {
            headers.put("Cookie", String.join("; ", cookies));
        }
        return headers;
    }

    /** What no parameter takes. */
    private ObjectNode rest(JsonNode arguments) {
        ObjectNode rest = Json.object();
        arguments.properties().stream()
                .filter(member -> !names.contains(member.getKey()))
                .forEach(member -> rest.set(member.getKey(), member.getValue()));
        return rest;
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
                    throw missing(parameter.name(), id);
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

    static ExpressionException missing(String name, String operation) {
        return new ExpressionException("The parameter '" + name + "' of " + operation + " is missing");
    }

    static Set<String> places(String path) {
        return PLACE.matcher(path).results().map(place -> place.group(1)).collect(Collectors.toUnmodifiableSet());
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
