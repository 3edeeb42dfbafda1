package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the error of a {@code raise}, written in place or the name of one in {@code use.errors}. */
final class ErrorCompiler {

    private static final Template NOTHING = (input, arguments) -> Json.object();

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final Reusables reusables;

    ErrorCompiler(Violations violations, ExpressionCompiler expressions, Reusables reusables) {
        this.violations = violations;
        this.expressions = expressions;
        this.reusables = reusables;
    }

    /** The error under {@code raise.error}. */
    Template compile(JsonNode value, String pointer, Set<String> variables) {
        if (!value.isString()) {
            return inline(value, pointer, variables);
        }
        String name = value.stringValue();
        return reusables.check("errors", name, pointer)
                ? inline(reusables.get("errors", name), Reusables.pointer("errors", name), variables)
                : NOTHING;
    }

    /** Checks each error that can be named, so that an unused one is right too. */
    void checkReusable() {
        for (String name : reusables.names("errors")) {
            String pointer = Reusables.pointer("errors", name);
            // Where it is used it may see more: only what holds everywhere is checked.
            var _ = new ErrorCompiler(violations, expressions.unreported(), reusables)
                    .inline(reusables.get("errors", name), pointer, Scope.OUTERMOST.definition());
        }
    }

    private Template inline(JsonNode value, String pointer, Set<String> variables) {
        Fields fields = Fields.of(value, pointer, violations);
        Map<String, Template> members = new LinkedHashMap<>();
        put(members, "type", type(fields, variables));
        put(members, "status", status(fields));
        put(members, "instance", text(fields, "instance", variables));
        put(members, "title", text(fields, "title", variables));
        put(members, "detail", text(fields, "detail", variables));
        fields.close();
        return new Members(members);
    }

    private static void put(Map<String, Template> members, String name, @Nullable Template value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private @Nullable Template type(Fields fields, Set<String> variables) {
        String text = fields.requiredText("type");
        if (text == null) {
            return null;
        }
        String pointer = fields.pointer("type");
        if (text.isEmpty()) {
            violations.report(pointer, "must not be empty");
        }
        if (expressions.isExpression(text, variables)) {
            return expressions.compile(text, pointer, variables);
        }
        try {
            return UriTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return null;
        }
    }

    private static @Nullable Template status(Fields fields) {
        if (fields.required("status") == null) {
            return null;
        }
        Integer status = fields.integer("status", 100, 599);
        JsonNode value = status == null
                ? Json.object()
                : Json.object().put("status", status).get("status");
        return (input, arguments) -> value;
    }

    private @Nullable Template text(Fields fields, String name, Set<String> variables) {
        JsonNode value = fields.get(name);
        String text = fields.text(name);
        if (value == null || text == null) {
            return null;
        }
        boolean literal = !expressions.isExpression(text, variables);
        if (literal && name.equals("instance") && !Pointers.isPointer(text)) {
            violations.report(fields.pointer(name), "must be a JSON pointer such as /do/0/first");
        }
        return expressions.template(value, fields.pointer(name), variables);
    }
}
