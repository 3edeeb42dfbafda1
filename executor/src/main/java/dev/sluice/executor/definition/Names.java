package dev.sluice.executor.definition;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the names that authors give and refer to: variables, tasks and where {@code then} leads. */
final class Names {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> DIRECTIVES = Set.of("continue", "exit", "end");

    private final Violations violations;

    Names(Violations violations) {
        this.violations = violations;
    }

    /** The variable that a property names, or the default when it is absent. */
    String variable(@Nullable Fields fields, String property, String otherwise) {
        String name = fields == null ? null : fields.text(property);
        if (fields == null || name == null) {
            return otherwise;
        }
        if (!VARIABLE.matcher(name).matches() || name.startsWith("__")) {
            violations.report(
                    fields.pointer(property),
                    "'" + name + "' cannot be a variable's name: letters, digits and _ make one");
            return otherwise;
        }
        if (Scope.RESERVED.contains(name)) {
            violations.report(fields.pointer(property), "'" + name + "' already names something of the workflow");
            return otherwise;
        }
        return name;
    }

    /** Reports a text that no event has as an attribute (CloudEvents, "Type System") and no database as a name. */
    void plain(String text, String pointer) {
        boolean plain = text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!plain) {
            violations.report(pointer, "must not have control characters or half characters");
        }
    }

    /** Checks that a task's name can stand after {@code then}, and in the reference to it. */
    void task(String name, String pointer) {
        if (DIRECTIVES.contains(name)) {
            violations.report(pointer, "a task cannot be named '" + name + "', which is a flow directive");
        }
        if (name.isBlank()) {
            violations.report(pointer, "a task needs a name");
        }
        plain(name, pointer);
    }

    /** The directive that a property holds, or null when it is absent; a task must be one of the same list. */
    @Nullable
    FlowDirective directive(Fields fields, Collection<String> tasks) {
        String text = fields.text("then");
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "continue" -> FlowDirective.CONTINUE;
            case "exit" -> FlowDirective.EXIT;
            case "end" -> FlowDirective.END;
            default -> target(text, fields.pointer("then"), tasks);
        };
    }

    private FlowDirective target(String name, String pointer, Collection<String> tasks) {
        if (!tasks.contains(name)) {
            violations.report(
                    pointer,
                    "there is no task '" + name + "' in this list" + violations.didYouMean(name, tasks, DIRECTIVES));
        }
        return new FlowDirective.GoTo(name);
    }
}
