package dev.sluice.executor.asyncapi;

import dev.sluice.executor.description.DescriptionException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What stands for a {@code {name}} in the address of a server or channel.
 *
 * @param otherwise its default, absent when a value must be given
 * @param allowed   the only values there are, empty for any
 * @param location  where in a message its value is, absent for nowhere
 */
public record Variable(
        @Nullable String otherwise,
        Set<String> allowed,
        @Nullable Location location) {

    public Variable {
        allowed = Set.copyOf(allowed);
    }

    /** Server variables, and parameters of channels, by name. */
    static Map<String, Variable> all(JsonNode described, Resolver references) throws DescriptionException {
        Map<String, Variable> variables = new LinkedHashMap<>();
        for (var member : described.properties()) {
            JsonNode variable = references.resolve(member.getValue());
            JsonNode schema = variable.has("schema") ? references.resolve(variable.get("schema")) : variable;
            Set<String> allowed = new LinkedHashSet<>();
            schema.path("enum").forEach(value -> allowed.add(value.asString("")));
            JsonNode otherwise = schema.path("default");
            String location = variable.path("location").asString("");
            variables.put(
                    member.getKey(),
                    new Variable(
                            otherwise.isMissingNode() ? null : otherwise.asString(""),
                            allowed,
                            location.isEmpty() ? null : Location.parse(location)));
        }
        return variables;
    }

    /** What a workflow says of one; null when it says nothing. */
    static @Nullable String given(String name, JsonNode variables) {
        JsonNode value = variables.path(name);
        if (value.isContainer() || value.isNull()) {
            throw new IllegalArgumentException("The variable '" + name + "' has no value");
        }
        return value.isMissingNode() ? null : value.asString();
    }

    void require(String name, String value) {
        if (!allows(value)) {
            throw new IllegalArgumentException("'" + name + "' is none of "
                    + String.join(", ", allowed.stream().sorted().toList()));
        }
    }

    /** Whether it may have this value. */
    public boolean allows(String value) {
        return allowed.isEmpty() || allowed.contains(value);
    }
}
