package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RetryPolicy.Backoff;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code catch.retry}, written in place or the name of one in {@code use.retries}. */
final class RetryCompiler {

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final DurationCompiler durations;
    private final Reusables reusables;

    RetryCompiler(
            Violations violations, ExpressionCompiler expressions, DurationCompiler durations, Reusables reusables) {
        this.violations = violations;
        this.expressions = expressions;
        this.durations = durations;
        this.reusables = reusables;
    }

    @Nullable
    RetryPolicy optional(Fields handler, Set<String> variables) {
        JsonNode value = handler.get("retry");
        String pointer = handler.pointer("retry");
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            return inline(value, pointer, variables);
        }
        String name = value.stringValue();
        return reusables.check("retries", name, pointer)
                ? inline(reusables.get("retries", name), Reusables.pointer("retries", name), variables)
                : null;
    }

    /** Checks the form of each policy that can be named; its expressions are checked where it is used. */
    void checkReusable() {
        for (String name : reusables.names("retries")) {
            var unchecked = expressions.unreported();
            var form = new RetryCompiler(violations, unchecked, new DurationCompiler(violations, unchecked), reusables);
            var _ = form.inline(reusables.get("retries", name), Reusables.pointer("retries", name), Set.of());
        }
    }

    private RetryPolicy inline(JsonNode value, String pointer, Set<String> variables) {
        Fields policy = Fields.of(value, pointer, violations);
        Fields limit = policy.object("limit");
        Fields attempt = limit == null ? null : limit.object("attempt");
        Fields jitter = policy.object("jitter");
        if (jitter != null) {
            var _ = jitter.required("from");
            var _ = jitter.required("to");
        }
        RetryPolicy compiled = new RetryPolicy(
                expressions.optional(policy, "when", variables),
                expressions.optional(policy, "exceptWhen", variables),
                durations.optional(policy, "delay", variables),
                backoff(policy.object("backoff")),
                attempt == null ? null : attempt.integer("count", 0, Integer.MAX_VALUE),
                durations.optional(attempt, "duration", variables),
                durations.optional(limit, "duration", variables),
                durations.optional(jitter, "from", variables),
                durations.optional(jitter, "to", variables));
        close(policy, limit, attempt, jitter);
        return compiled;
    }

    private static void close(@Nullable Fields... all) {
        for (Fields fields : all) {
            if (fields != null) {
                fields.close();
            }
        }
    }

    private Backoff backoff(@Nullable Fields fields) {
        if (fields == null) {
            return Backoff.CONSTANT;
        }
        Backoff chosen = null;
        int given = 0;
        for (Backoff backoff : Backoff.values()) {
            Fields definition = fields.object(backoff.name().toLowerCase(Locale.ROOT));
            if (definition != null) {
                chosen = backoff;
                given++;
                definition.close();
            }
        }
        fields.close();
        if (given != 1) {
            violations.report(fields.pointer(), "needs exactly one of constant, linear, exponential");
        }
        return chosen == null ? Backoff.CONSTANT : chosen;
    }
}
