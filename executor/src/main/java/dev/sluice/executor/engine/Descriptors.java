package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The arguments {@code $workflow}, {@code $task} and {@code $runtime} (DSL, "Runtime expression arguments"). */
final class Descriptors {

    private static final JsonNode RUNTIME = runtime();

    private Descriptors() {}

    static Arguments root(Workflow workflow, RunFacts facts) {
        return Arguments.NONE.with("runtime", RUNTIME).withLazy("workflow", () -> workflow(workflow, facts));
    }

    static JsonNode task(TaskBase base, JsonNode input, @Nullable JsonNode output, Instant startedAt) {
        ObjectNode task = Json.object();
        task.put("name", base.name());
        task.put("reference", base.reference());
        task.set("definition", base.definition());
        task.set("input", input);
        if (output != null) {
            task.set("output", output);
        }
        task.set("startedAt", instant(startedAt));
        return task;
    }

    /** What is known of a call's authorization when it has been made: the parameter would be recorded with whatever it goes into. */
    static JsonNode authorization(Authentication policy) {
        ObjectNode authorization = Json.object().put("scheme", policy.scheme().word());
        return switch (policy.scheme()) {
            case BASIC, BEARER, OAUTH2, OIDC -> authorization.put("parameter", Scrubber.HIDDEN);
            case CERTIFICATE, DIGEST -> authorization;
        };
    }

    /** Logical time as jq's {@code now} gives it: seconds since the epoch, with a fraction. */
    static JsonNode now(Instant clock) {
        return JsonNodeFactory.instance.numberNode(
                BigDecimal.valueOf(clock.getEpochSecond()).add(BigDecimal.valueOf(clock.getNano(), 9)));
    }

    private static JsonNode workflow(Workflow workflow, RunFacts facts) {
        ObjectNode node = Json.object();
        node.put("id", facts.id().toString());
        node.set("definition", workflow.source());
        node.set("input", facts.input());
        node.set("startedAt", instant(facts.startedAt()));
        return node;
    }

    private static JsonNode runtime() {
        ObjectNode node = Json.object();
        node.put("name", "sluice");
        node.put("version", "0.1.0");
        node.set("metadata", Json.object());
        return node;
    }

    private static JsonNode instant(Instant instant) {
        ObjectNode node = Json.object();
        node.put("iso8601", instant.toString());
        ObjectNode epoch = node.putObject("epoch");
        epoch.put("seconds", instant.getEpochSecond());
        epoch.put("milliseconds", instant.toEpochMilli());
        return node;
    }
}
