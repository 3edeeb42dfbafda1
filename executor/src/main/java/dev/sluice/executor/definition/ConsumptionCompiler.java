package dev.sluice.executor.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compiles {@code one}, {@code any} and {@code all} (DSL reference, "Event Consumption Strategy"). */
final class ConsumptionCompiler {

    /** Each filter of a task is a row of its own while the task listens. */
    static final int MOST_FILTERS = 64;

    private static final EventFilter EVERYTHING = new EventFilter(null, null, List.of(), List.of());

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final EventFilterCompiler filters;

    ConsumptionCompiler(Violations violations, ExpressionCompiler expressions) {
        this.violations = violations;
        this.expressions = expressions;
        this.filters = new EventFilterCompiler(violations, expressions);
    }

    /**
     * The strategy of a property.
     *
     * @param variables what {@code expect} and {@code until} may use
     */
    Consumption compile(Fields strategy, Set<String> variables) {
        Consumption consumption = strategy(strategy, variables, true);
        if (consumption.filters().size() > MOST_FILTERS) {
            violations.report(strategy.pointer(), "has more than " + MOST_FILTERS + " filters");
        }
        return consumption;
    }

    private Consumption strategy(Fields strategy, Set<String> variables, boolean outermost) {
        JsonNode one = strategy.get("one");
        JsonNode any = strategy.get("any");
        JsonNode all = strategy.get("all");
        JsonNode until = strategy.get("until");
        int given = (one == null ? 0 : 1) + (any == null ? 0 : 1) + (all == null ? 0 : 1);
        if (given != 1 && strategy.present()) {
            violations.report(strategy.pointer(), "needs exactly one of one, any, all");
        }
        if (until != null && (any == null || !outermost)) {
            violations.report(strategy.pointer("until"), "'until' needs 'any', outside of another 'until'");
        }
        strategy.close();
        if (one != null) {
            return new Consumption.One(filters.compile(one, strategy.pointer("one"), variables));
        }
        if (all != null) {
            return new Consumption.All(list(all, strategy.pointer("all"), variables, "all"));
        }
        List<EventFilter> alternatives =
                any == null ? List.of(EVERYTHING) : list(any, strategy.pointer("any"), variables, "any");
        return until == null || !outermost
                ? new Consumption.Any(alternatives, null, null)
                : until(alternatives, until, strategy.pointer("until"), variables);
    }

    private Consumption until(List<EventFilter> any, JsonNode until, String pointer, Set<String> variables) {
        if (until.isString()) {
            return new Consumption.Any(any, null, expressions.compile(until.stringValue(), pointer, variables));
        }
        return new Consumption.Any(any, strategy(Fields.of(until, pointer, violations), variables, false), null);
    }

    private List<EventFilter> list(JsonNode value, String pointer, Set<String> variables, String keyword) {
        if (!value.isArray()) {
            violations.report(pointer, "must be a list of event filters, not " + Fields.kind(value));
            return List.of(EVERYTHING);
        }
        if (value.isEmpty() && keyword.equals("all")) {
            violations.report(pointer, "needs an event filter");
        }
        if (value.isEmpty()) {
            // The specification's way of saying "each event, whatever it is".
            return List.of(EVERYTHING);
        }
        List<EventFilter> list = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            list.add(filters.compile(value.get(i), Pointers.child(pointer, i), variables));
        }
        return list;
    }
}
