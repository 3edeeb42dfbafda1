package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes one branch of several that have ended well, in the order in which they are declared. */
final class Join {

    private Join() {}

    /**
     * The outputs as an array; of the context what each branch changed, later branches over earlier ones; the latest of the
     * clocks; and the end of the workflow if one branch asked for it.
     *
     * @param unresolved calls of all branches
     */
    static Step of(State fork, List<Step> branches, Unresolved unresolved) {
        ArrayNode output = Json.array();
        JsonNode context = fork.context();
        Instant clock = fork.clock();
        int effects = fork.effects();
        FlowDirective then = FlowDirective.CONTINUE;
        for (Step branch : branches) {
            State state = branch.state();
            output.add(state.data());
            context = changed(fork.context(), state.context(), context);
            clock = state.clock().isAfter(clock) ? state.clock() : clock;
            effects += state.effects() - fork.effects();
            then = branch.then() instanceof FlowDirective.End ? FlowDirective.END : then;
        }
        return new Step(new State(output, context, clock, effects, unresolved), then);
    }

    /** What has become of a value, with the changes applied that made one value of another. */
    static JsonNode changed(JsonNode before, JsonNode after, JsonNode now) {
        if (after.equals(before)) {
            return now;
        }
        if (!(before instanceof ObjectNode old
                && after instanceof ObjectNode changed
                && now instanceof ObjectNode base)) {
            return after;
        }
        ObjectNode merged = Json.object();
        merged.setAll(base);
        Set<String> names = new LinkedHashSet<>(old.propertyNames());
        names.addAll(changed.propertyNames());
        for (String name : names) {
            JsonNode value = changed.get(name);
            if (value == null) {
                merged.remove(name);
            } else if (!value.equals(old.get(name))) {
                merged.set(name, value);
            }
        }
        return merged;
    }
}
