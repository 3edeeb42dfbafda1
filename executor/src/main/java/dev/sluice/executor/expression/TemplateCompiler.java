package dev.sluice.executor.expression;

import dev.sluice.executor.expression.value.Weight;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compiles one JSON value to a template. */
final class TemplateCompiler {

    private final Set<String> variables;
    private final ExpressionMode mode;
    private final BiConsumer<String, String> problems;

    TemplateCompiler(Set<String> variables, ExpressionMode mode, BiConsumer<String, String> problems) {
        this.variables = variables;
        this.mode = mode;
        this.problems = problems;
    }

    Template compile(JsonNode value, String pointer) {
        Template template = part(value, pointer);
        return value.isContainer() && !(template instanceof Constant) ? new Bounded(template) : template;
    }

    private Template part(JsonNode value, String pointer) {
        return switch (value.getNodeType()) {
            case OBJECT -> object(value, pointer);
            case ARRAY -> array(value, pointer);
            case STRING -> string(value, pointer);
            default -> new Constant(value);
        };
    }

    private Template object(JsonNode value, String pointer) {
        Map<String, Template> properties = new LinkedHashMap<>();
        for (var property : value.properties()) {
            String name = property.getKey().replace("~", "~0").replace("/", "~1");
            properties.put(property.getKey(), part(property.getValue(), pointer + '/' + name));
        }
        return constant(properties.values()) ? new Constant(value) : new ObjectTemplate(properties);
    }

    private Template array(JsonNode value, String pointer) {
        List<Template> elements = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            elements.add(part(value.get(i), pointer + '/' + i));
        }
        return constant(elements) ? new Constant(value) : new ArrayTemplate(elements);
    }

    private Template string(JsonNode value, String pointer) {
        String text = value.stringValue();
        if (mode == ExpressionMode.LOOSE) {
            return loose(value, text, pointer);
        }
        return Expressions.isExpression(text) ? expression(text, pointer) : new Constant(value);
    }

    private Template loose(JsonNode value, String text, String pointer) {
        if (Expressions.isExpression(text)) {
            return new Loose(expression(text, pointer), value);
        }
        try {
            return new Loose(Expressions.compile(text, variables), value);
        } catch (ExpressionException e) {
            return new Constant(value);
        }
    }

    private Template expression(String text, String pointer) {
        try {
            return Expressions.compile(text, variables);
        } catch (ExpressionException e) {
            problems.accept(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return (input, arguments) -> {
                throw e;
            };
        }
    }

    private static boolean constant(Iterable<Template> templates) {
        for (Template template : templates) {
            if (!(template instanceof Constant)) {
                return false;
            }
        }
        return true;
    }

    private record Constant(JsonNode value) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            return value;
        }
    }

    /** What does not evaluate is the text that it is. */
    private record Loose(Template expression, JsonNode text) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            try {
                return expression.evaluate(input, arguments);
            } catch (ExpressionException e) {
                return text;
            }
        }
    }

    /** Only a template can make a value deeper than those it was given, by a loop without end, say. */
    private record Bounded(Template template) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            JsonNode value = template.evaluate(input, arguments);
            if (Weight.isDeeper(value, Json.MAX_DEPTH)) {
                throw new ExpressionException("The value is nested deeper than " + Json.MAX_DEPTH + " levels");
            }
            return value;
        }
    }

    private record ObjectTemplate(Map<String, Template> properties) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            ObjectNode object = Json.object();
            properties.forEach((name, template) -> object.set(name, template.evaluate(input, arguments)));
            return object;
        }
    }

    private record ArrayTemplate(List<Template> elements) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            ArrayNode array = Json.array();
            elements.forEach(template -> array.add(template.evaluate(input, arguments)));
            return array;
        }
    }
}
