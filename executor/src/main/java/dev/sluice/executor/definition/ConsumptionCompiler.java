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
     * The strategy of a task.
     *
     * @param variables what {@code expect} and {@code until} may use
     */
    Consumption compile(Fields strategy, Set<String> variables) {
        return limited(
                strategy(strategy, (value, pointer) -> filters.compile(value, pointer, variables), variables, true),
                strategy);
    }

    /** The strategy of what starts runs: there is none yet whose variables an expression could use. */
    Consumption compileTriggers(Fields strategy) {
        boolean together = strategy.has("all") || strategy.has("until");
        JsonNode until = strategy.get("until");
        if (until != null && until.path("any").isArray() && until.path("any").isEmpty()) {
            violations.report(
                    Pointers.child(strategy.pointer("until"), "any"),
                    "needs an event filter: each event would end what it might have begun, so that no run ever starts");
        }
        return together
                ? limited(strategy(strategy, filters::compileForSet, Set.of(), true), strategy)
                : strategy(strategy, filters::compile, Set.of(), true);
    }

    private Consumption limited(Consumption consumption, Fields strategy) {
        if (consumption.filters().size() > MOST_FILTERS) {
            violations.report(strategy.pointer(), "has more than " + MOST_FILTERS + " filters");
        }
        return consumption;
    }

    private Consumption strategy(Fields strategy, FilterCompiler each, Set<String> variables, boolean outermost) {
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
        List<EventFilter> list = any == null ? List.of(EVERYTHING) : list(any, strategy.pointer("any"), each, "any");
        List<EventFilter> together = all == null ? List.of() : list(all, strategy.pointer("all"), each, "all");
        Consumption alternatives = until == null || any == null || !outermost
                ? new Consumption.Any(list, null, null)
                : until(list, until, each, strategy.pointer("until"), variables);
        if (one != null) {
            return new Consumption.One(each.compile(one, strategy.pointer("one")));
        }
        return all == null ? alternatives : new Consumption.All(together);
    }

    private Consumption until(
            List<EventFilter> any, JsonNode until, FilterCompiler each, String pointer, Set<String> variables) {
        if (until.isString()) {
            return new Consumption.Any(any, null, expressions.compile(until.stringValue(), pointer, variables));
        }
        return new Consumption.Any(any, strategy(Fields.of(until, pointer, violations), each, variables, false), null);
    }

    private List<EventFilter> list(JsonNode value, String pointer, FilterCompiler each, String keyword) {
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
            list.add(each.compile(value.get(i), Pointers.child(pointer, i)));
        }
        return list;
    }

    /** How one event filter is compiled. */
    @FunctionalInterface
    private interface FilterCompiler {

        EventFilter compile(JsonNode value, String pointer);
    }
}
