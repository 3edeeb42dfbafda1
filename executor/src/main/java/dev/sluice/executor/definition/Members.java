package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An object whose members are compiled each in its own way. */
record Members(Map<String, Template> members) implements Template {

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        ObjectNode object = Json.object();
        members.forEach((name, member) -> object.set(name, member.evaluate(input, arguments)));
        return object;
    }
}
