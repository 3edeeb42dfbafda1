package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Query parameters or headers that a binding of HTTP or WebSocket has for requests. Those with one value that must be there have it,
 * others have what a workflow gives them among the variables. Immutable and thread-safe.
 *
 * @param variables by name
 * @param required  names of those that must be there
 */
public record BindingFields(Map<String, Variable> variables, Set<String> required) {

    static final BindingFields NONE = new BindingFields(Map.of(), Set.of());

    public BindingFields {
        variables = Map.copyOf(variables);
        required = Set.copyOf(required);
    }

    /** Those of a schema, maybe a missing one, whose names are wanted. */
    static BindingFields of(JsonNode described, Predicate<String> wanted, Resolver references)
            throws DescriptionException {
        JsonNode schema = references.resolve(described);
        Map<String, Variable> variables = new LinkedHashMap<>();
        for (var property : schema.path("properties").properties()) {
            if (wanted.test(property.getKey())) {
                variables.put(property.getKey(), variable(references.resolve(property.getValue())));
            }
        }
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode element : schema.path("required")) {
            String name = element.asString("");
            if (wanted.test(name)) {
                required.add(name);
                variables.putIfAbsent(name, new Variable(null, Set.of(), null));
            }
        }
        return new BindingFields(variables, required);
    }

    private static Variable variable(JsonNode schema) {
        Set<String> allowed = new LinkedHashSet<>();
        schema.path("enum").forEach(value -> allowed.add(value.asString("")));
        if (schema.has("const")) {
            allowed.add(schema.path("const").asString(""));
        }
        String only = allowed.size() == 1 ? allowed.iterator().next() : null;
        JsonNode otherwise = schema.path("default");
        return new Variable(otherwise.isMissingNode() ? only : otherwise.asString(""), allowed, null);
    }

    /** Names of those that must be there and have no value. */
    Set<String> unfilled(Set<String> given) {
        Set<String> unfilled = new TreeSet<>();
        required.stream()
                .filter(name -> !given.contains(name) && variable(name).otherwise() == null)
                .forEach(unfilled::add);
        return unfilled;
    }

    /** Their values by name, those left out that need not be there. Throws {@link IllegalArgumentException} for what is no value. */
    Map<String, String> values(JsonNode given) {
        Map<String, String> values = new LinkedHashMap<>();
        variables.keySet().stream().sorted().forEach(name -> {
            String value = Variable.given(name, given);
            String otherwise = required.contains(name) ? variable(name).otherwise() : null;
            String written = value == null ? otherwise : value;
            if (written != null) {
                variable(name).require(name, written);
                values.put(name, written);
            } else if (required.contains(name)) {
                throw new IllegalArgumentException("Nothing says what '" + name + "' is");
            }
        });
        return values;
    }

    private Variable variable(String name) {
        return Objects.requireNonNull(variables.get(name));
    }
}
