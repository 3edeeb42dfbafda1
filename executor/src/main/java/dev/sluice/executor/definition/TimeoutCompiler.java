package dev.sluice.executor.definition;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code timeout}, written in place or the name of one in {@code use.timeouts}. */
final class TimeoutCompiler {

    private final Violations violations;
    private final DurationCompiler durations;
    private final Reusables reusables;

    TimeoutCompiler(Violations violations, DurationCompiler durations, Reusables reusables) {
        this.violations = violations;
        this.durations = durations;
        this.reusables = reusables;
    }

    @Nullable
    DurationValue optional(Fields fields, Set<String> variables) {
        JsonNode value = fields.get("timeout");
        String pointer = fields.pointer("timeout");
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            return inline(value, pointer, variables);
        }
        String name = value.stringValue();
        return reusables.check("timeouts", name, pointer)
                ? inline(reusables.get("timeouts", name), Reusables.pointer("timeouts", name), variables)
                : null;
    }

    /** Checks each timeout that can be named, so that an unused one is right too. */
    void checkReusable() {
        for (String name : reusables.names("timeouts")) {
            var _ = inline(
                    reusables.get("timeouts", name), Reusables.pointer("timeouts", name), Scope.OUTERMOST.definition());
        }
    }

    private @Nullable DurationValue inline(JsonNode value, String pointer, Set<String> variables) {
        Fields timeout = Fields.of(value, pointer, violations);
        JsonNode after = timeout.required("after");
        timeout.close();
        return after == null ? null : durations.compile(after, timeout.pointer("after"), variables);
    }
}
