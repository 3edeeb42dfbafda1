package dev.sluice.executor.openapi;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.References;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Looks up what schemas say by themselves, by what they refer to, and by what they are made up of. Not thread-safe. */
final class Schemas {

    private static final int MOST = 1_000;

    /** Schemas that are looked at for one body: each of its fields may be made up of many. */
    private static final int MOST_TOGETHER = 100_000;

    private static final List<String> ALL = List.of("allOf");
    private static final List<String> ANY = List.of("allOf", "anyOf", "oneOf");

    private final References others;
    private int looked;

    Schemas(References others) {
        this.others = others;
    }

    /** The properties of an object by name; where several schemas have one, that of the outermost. */
    Map<String, Located> properties(Located schema) throws DescriptionException {
        Map<String, Located> properties = new LinkedHashMap<>();
        for (Located part : parts(schema, ANY)) {
            for (var property : part.node().path("properties").properties()) {
                properties.putIfAbsent(property.getKey(), part.at(property.getValue()));
            }
        }
        return properties;
    }

    /** The value of a keyword, a missing node for none. */
    Located keyword(Located schema, String name) throws DescriptionException {
        for (Located part : parts(schema, ANY)) {
            if (part.node().has(name)) {
                return part.at(part.node().get(name));
            }
        }
        return schema.at(schema.node().path(name));
    }

    /** The text of a keyword, the first one of several that is not {@code null}; empty for none. */
    String text(Located schema, String name) throws DescriptionException {
        JsonNode value = keyword(schema, name).node();
        if (value.isArray()) {
            return value.valueStream()
                    .map(element -> element.asString(""))
                    .filter(type -> !type.equals("null"))
                    .findFirst()
                    .orElse("");
        }
        return value.asString("");
    }

    /** The names that must be there. */
    Set<String> required(Located schema) throws DescriptionException {
        Set<String> names = new LinkedHashSet<>();
        for (Located part : parts(schema, ALL)) {
            part.node().path("required").forEach(name -> names.add(name.asString("")));
        }
        return names;
    }

    /** Each schema once, so that circles end. */
    private List<Located> parts(Located schema, List<String> combinations) throws DescriptionException {
        List<Located> parts = new ArrayList<>();
        Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Located> unseen = new ArrayDeque<>(List.of(schema));
        while (!unseen.isEmpty()) {
            Located part = unseen.removeFirst();
            if (!seen.add(part.node())) {
                continue;
            }
            if (seen.size() > MOST) {
                throw new DescriptionException("a schema of its body is made up of more than " + MOST + " others");
            }
            looked++;
            if (looked > MOST_TOGETHER) {
                throw new DescriptionException(
                        "the schemas of its body are made up of more than " + MOST_TOGETHER + " others together");
            }
            parts.add(part);
            if (part.node().has("$ref")) {
                unseen.addLast(part.followed(others));
            }
            for (String combined : combinations) {
                part.node().path(combined).forEach(other -> unseen.addLast(part.at(other)));
            }
        }
        return parts;
    }
}
