package dev.sluice.shared.testing;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.shared.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an OpenAPI document promises of responses. Paths that it does not have are only ever answered with a problem. Thread-safe.
 */
public final class Contract {

    private static final String PROBLEM = "application/problem+json";
    private static final String JSON = "application/json";

    private final JsonNode document;
    private final List<Template> templates;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private Contract(JsonNode document) {
        this.document = document;
        this.templates = document.path("paths")
                .propertyStream()
                .map(path -> Template.of(path.getKey(), path.getValue()))
                .sorted(Comparator.comparingInt(Template::parameters))
                .toList();
    }

    /** Of a document as it was served. */
    public static Contract of(byte[] document) {
        return new Contract(Json.read(document));
    }

    /** A path with parameters, and its operations. */
    private record Template(String path, Pattern form, int parameters, JsonNode operations) {

        static Template of(String path, JsonNode operations) {
            String form = Pattern.compile("\\{\\w+}")
                    .splitAsStream(path + " ")
                    .map(Pattern::quote)
                    .reduce((before, after) -> before + "[^/:]+" + after)
                    .orElseThrow();
            int parameters = (int) path.chars().filter(c -> c == '{').count();
            return new Template(path, Pattern.compile(form.replace(" \\E", "\\E")), parameters, operations);
        }
    }

    /** The names of all operations, such as {@code get /v1/runs/{id}}. */
    public List<String> operations() {
        return templates.stream()
                .flatMap(template ->
                        template.operations.propertyStream().map(each -> each.getKey() + " " + template.path))
                .sorted()
                .toList();
    }

    /** Which operation a request is; empty for what the document does not have. */
    public Optional<String> operation(String method, String path) {
        String name = method.toLowerCase(Locale.ROOT);
        return template(path)
                .filter(template -> template.operations.has(name))
                .map(template -> name + " " + template.path);
    }

    /** How a response differs from what is promised; empty when it does not. */
    public List<String> differences(String method, String path, int status, @Nullable String contentType, byte[] body) {
        String type =
                contentType == null ? "" : contentType.replaceAll(";.*", "").strip();
        JsonNode operation = template(path)
                .map(template -> template.operations.path(method.toLowerCase(Locale.ROOT)))
                .filter(JsonNode::isObject)
                .orElse(null);
        if (operation == null) {
            return status >= 400 ? problem(type, body) : List.of(status + " for what is not in the document");
        }
        JsonNode responses = operation.path("responses");
        String code = Integer.toString(status);
        JsonNode response = responses.has(code) ? responses.path(code) : responses.path(code.charAt(0) + "XX");
        if (response.isMissingNode()) {
            return List.of(status + " is not promised");
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            return body.length == 0 ? List.of() : List.of("a body is not promised");
        }
        JsonNode media = content.path(type);
        if (media.isMissingNode()) {
            return List.of("'" + type + "' is not promised");
        }
        return type.equals(JSON) || type.equals(PROBLEM) ? differences(media.path("schema"), body) : List.of();
    }

    private List<String> problem(String type, byte[] body) {
        return type.equals(PROBLEM)
                ? differences(Json.object().put("$ref", "#/components/schemas/Problem"), body)
                : List.of("'" + type + "' is no problem");
    }

    private Optional<Template> template(String path) {
        String bare = path.replaceAll("[?#].*", "");
        return templates.stream()
                .filter(template -> template.form.matcher(bare).matches())
                .findFirst();
    }

    private List<String> differences(JsonNode schema, byte[] body) {
        return schemas.computeIfAbsent(schema, this::compile).validate(Json.read(body)).stream()
                .map(Object::toString)
                .toList();
    }

    /** References are to the document's components, so those are beside it. */
    private Schema compile(JsonNode schema) {
        ObjectNode whole = Json.object();
        whole.putArray("allOf").add(schema);
        whole.set("components", document.path("components"));
        return registry.getSchema(whole);
    }
}
