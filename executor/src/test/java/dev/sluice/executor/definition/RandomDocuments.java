package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random documents that a JSON Schema allows, as far as this knows its words: where it has a choice, one branch is taken; where it
 * has a pattern, a text is taken that is known to match. The same seed gives the same documents.
 */
final class RandomDocuments {

    private static final int DEEP = 14;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> EXPRESSIONS = List.of(
            ".", ".a", ".a.b // 1", "${ .a }", "${ . }", "${ [.[]?] }", "${ {x: .a} }", "1 + 1", "${ \"a\" + \"b\" }");

    /** Which are not everywhere. */
    private static final List<String> RARE =
            List.of("$context", "$input", "${ $workflow.id }", "${ $item }", "$error.status == 400");

    private static final Map<String, String> MATCHING = Map.of(
            "^(0|[1-9]", "1.0.3",
            "^[a-zA-Z0-9](?:[a-zA-Z0-9-]{", "some-name",
            "^[a-zA-Z0-9](?:[a-zA-Z0-9-.]", "host.example",
            "^\\s*\\$\\{", "${ .a }",
            "^P(?!$)", "PT5S",
            "^(?!\\s*\\$\\{)", "https://files.example/a");
    private static final Set<String> UNAVAILABLE = Set.of("asyncapi", "grpc", "a2a", "mcp");
    private static final Set<String> VARIABLES = Set.of("each", "at", "item");
    private static final Set<String> EXPRESSIVE = Set.of(
            "if", "when", "exceptWhen", "while", "from", "in", "until", "expect", "detail", "title", "with", "set");
    private static final List<String> COMPONENTS =
            List.of("authentications", "errors", "functions", "retries", "timeouts");
    private static final Map<String, List<String>> WORDS = Map.of(
            "cron", List.of("0 0 * * *", "@daily", "*/5 1-3 * * 1"),
            "method", List.of("get", "post"),
            "language", List.of("jq"),
            "format", List.of("json"),
            "as", List.of("true", "null"),
            "then", List.of("continue", "exit", "end"));

    /** Of properties that name a component. */
    private static final Set<String> NAMING = Set.of("use", "timeout", "retry", "error", "call");

    private static final List<String> SIMPLE = List.of("set", "wait", "raise");

    private final JsonNode schema;
    private final Random random;
    private int names;

    RandomDocuments(JsonNode schema, long seed) {
        this.schema = schema;
        this.random = new Random(seed);
    }

    /** A document as the schema has it. */
    JsonNode next() {
        ObjectNode document = (ObjectNode) value(schema, "", 0);
        if (random.nextInt(8) > 0) {
            ObjectNode use = document.withObject("/use");
            JsonNode reusable = flat(schema.at("/properties/use"), 0).path("properties");
            use.withArray("/secrets").add("a");
            for (String kind : COMPONENTS) {
                ObjectNode named = use.withObject("/" + kind);
                named.set("a", value(reusable.path(kind).path("additionalProperties"), kind, DEEP));
            }
        }
        return document;
    }

    private JsonNode value(JsonNode definition, String name, int depth) {
        ObjectNode flat = flat(definition, depth);
        if (flat.has("const")) {
            return flat.path("const");
        }
        if (flat.path("enum").isArray()) {
            return flat.path("enum").get(random.nextInt(flat.path("enum").size()));
        }
        return switch (flat.path("type").asString("")) {
            case "object" -> object(flat, name, depth);
            case "array" -> array(flat, name, depth);
            case "string" -> Json.string(text(flat, name));
            case "integer" -> number(flat, name);
            case "boolean" -> Json.object().put("x", random.nextBoolean()).path("x");
            default ->
                flat.has("properties") || flat.has("required")
                        ? object(flat, name, depth)
                        : name.equals("document") ? Json.object().put("type", "object") : any(3);
        };
    }

    /** A schema without references and choices. */
    private ObjectNode flat(JsonNode definition, int depth) {
        ObjectNode flat = Json.object();
        if (definition.has("$ref")) {
            merge(flat, flat(schema.at(definition.path("$ref").asString().substring(1)), depth));
        }
        definition.path("allOf").forEach(part -> merge(flat, flat(part, depth)));
        for (String choice : new String[] {"oneOf", "anyOf"}) {
            JsonNode branches = definition.path(choice);
            if (branches.isArray()) {
                merge(flat, flat(branch(branches, depth), depth));
            }
        }
        merge(flat, definition);
        return flat;
    }

    /** Deep inside only what has nothing inside. */
    private JsonNode branch(JsonNode branches, int depth) {
        List<JsonNode> candidates = new ArrayList<>();
        for (JsonNode branch : branches) {
            String reference = branch.path("$ref").asString("");
            String call = flatCall(branch);
            if (UNAVAILABLE.contains(call) && random.nextInt(10) > 0) {
                continue;
            }
            if (depth < DEEP
                    || !reference.endsWith("Task")
                    || SIMPLE.stream().anyMatch(kind -> reference.endsWith("/" + kind + "Task"))) {
                candidates.add(branch);
            }
        }
        return candidates.get(random.nextInt(candidates.size()));
    }

    private static String flatCall(JsonNode branch) {
        return branch.at("/allOf/1/properties/call/const").asString("");
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.properties().forEach(member -> {
            String key = member.getKey();
            if (key.equals("properties") && into.path(key).isObject()) {
                ((ObjectNode) into.path(key)).setAll((ObjectNode) member.getValue());
            } else if (key.equals("required") && into.path(key).isArray()) {
                ((ArrayNode) into.path(key)).addAll((ArrayNode) member.getValue());
            } else if (!key.equals("$ref") && !key.endsWith("Of")) {
                into.set(key, member.getValue().deepCopy());
            }
        });
    }

    private JsonNode object(ObjectNode flat, String name, int depth) {
        ObjectNode object = Json.object();
        Set<String> required = new TreeSet<>();
        flat.path("required").forEach(one -> required.add(one.asString()));
        double often = depth > DEEP ? 0 : 0.35;
        flat.path("properties").properties().forEach(property -> {
            boolean never = property.getValue().isBoolean();
            if (!never && (required.contains(property.getKey()) || random.nextDouble() < often)) {
                object.set(property.getKey(), value(property.getValue(), property.getKey(), depth + 1));
            }
        });
        JsonNode others = flat.path("additionalProperties");
        int most = flat.path("maxProperties").asInt(2);
        int least = flat.path("minProperties").asInt(0);
        if (others.isObject() && object.size() < most) {
            int count = Math.max(least, random.nextInt(most + 1)) - object.size();
            for (int i = 0; i < count; i++) {
                object.set(name(), value(others, name, depth + 1));
            }
        } else if (!flat.has("properties") || object.size() < least) {
            for (int i = random.nextInt(2) + least;
                    i > 0 && !flat.path("unevaluatedProperties").isBoolean();
                    i--) {
                object.set(name(), any(2));
            }
        }
        if (least > object.size()) {
            flat.path("properties").properties().stream()
                    .findAny()
                    .ifPresent(property ->
                            object.set(property.getKey(), value(property.getValue(), property.getKey(), depth + 1)));
        }
        return object;
    }

    private String name() {
        return random.nextInt(5) == 0 ? NAMES.get(random.nextInt(NAMES.size())) : "n" + names++;
    }

    private JsonNode array(ObjectNode flat, String name, int depth) {
        ArrayNode array = Json.array();
        for (int i = depth > DEEP ? 0 : random.nextInt(4); i > 0; i--) {
            array.add(value(flat.path("items"), name, depth + 1));
        }
        return array;
    }

    private String text(ObjectNode flat, String name) {
        String pattern = flat.path("pattern").asString("");
        if (!pattern.isEmpty()) {
            return MATCHING.entrySet().stream()
                    .filter(known -> pattern.startsWith(known.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("No text is known to match " + pattern));
        }
        return switch (flat.path("format").asString("")) {
            case "date-time" -> "2026-01-01T12:00:00Z";
            case "json-pointer" -> "/do/0/a";
            case "uri-template", "uri-reference", "uri" -> "https://files.example/x";
            default -> word(name);
        };
    }

    private String word(String name) {
        List<String> words = NAMING.contains(name) ? List.of("a") : WORDS.get(name);
        if (words != null) {
            return random.nextInt(30) == 0 ? name() : words.get(random.nextInt(words.size()));
        }
        if (VARIABLES.contains(name)) {
            return "v" + random.nextInt(100);
        }
        return EXPRESSIVE.contains(name) || random.nextInt(4) == 0 ? expression() : name();
    }

    private String expression() {
        List<String> some = random.nextInt(20) == 0 ? RARE : EXPRESSIONS;
        return some.get(random.nextInt(some.size()));
    }

    private JsonNode number(ObjectNode flat, String name) {
        int least = flat.path("minimum").asInt(name.equals("status") ? 100 : 0);
        int most = flat.path("maximum").asInt(599);
        return Json.object().put("x", least + random.nextInt(most - least + 1)).path("x");
    }

    /** Any value, an expression now and then. */
    private JsonNode any(int depth) {
        return switch (random.nextInt(depth <= 0 ? 5 : 7)) {
            case 0 -> Json.string(expression());
            case 1 -> Json.string(name());
            case 2 -> Json.object().put("x", random.nextInt(-1_000, 1_000)).path("x");
            case 3 -> Json.object().put("x", random.nextBoolean()).path("x");
            case 4 -> Json.object().putNull("x").path("x");
            case 5 -> Json.array().add(any(depth - 1)).add(any(depth - 1));
            default -> Json.object().set(name(), any(depth - 1));
        };
    }

    /** Does something to a document that may make it invalid. */
    void mutate(JsonNode document) {
        List<JsonNode> containers = new ArrayList<>();
        collect(document, containers);
        JsonNode place = containers.get(random.nextInt(containers.size()));
        if (place instanceof ObjectNode object) {
            mutate(object);
        } else if (place instanceof ArrayNode array) {
            mutate(array);
        }
    }

    private void mutate(ObjectNode object) {
        List<String> names = List.copyOf(object.propertyNames());
        if (names.isEmpty() || random.nextInt(5) == 0) {
            object.set("zz" + random.nextInt(10), any(2));
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "s", object.remove(name));
            case 2 ->
                object.set(
                        name,
                        object.path(names.get(random.nextInt(names.size()))).deepCopy());
            default -> object.set(name, odd());
        }
    }

    private void mutate(ArrayNode array) {
        int index = random.nextInt(array.size() + 1);
        switch (random.nextInt(3)) {
            case 0 -> array.insert(index, odd());
            case 1 ->
                array.insert(
                        index,
                        array.isEmpty()
                                ? odd()
                                : array.get(random.nextInt(array.size())).deepCopy());
            default -> {
                if (index < array.size()) {
                    array.remove(index);
                }
            }
        }
    }

    private JsonNode odd() {
        return switch (random.nextInt(12)) {
            case 0 -> Json.string("x".repeat(random.nextInt(100_000)));
            case 1 -> deep(random.nextInt(250));
            case 2 -> Json.string("${ .a | [ }");
            case 3 -> Json.string("");
            case 4 -> Json.string("\u0000\ud83d\ude00\u202e");
            case 5 -> Json.string("${ " + "[".repeat(random.nextInt(2_000)));
            default -> any(3);
        };
    }

    private static JsonNode deep(int levels) {
        JsonNode deep = Json.array();
        for (int i = 0; i < levels; i++) {
            deep = i % 2 == 0 ? Json.array().add(deep) : Json.object().set("a", deep);
        }
        return deep;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
