package dev.sluice.loadtest.expression;

import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What is evaluated: a program with one output, and its input. Public as JMH makes classes that refer to it. */
public enum Workload {
    /** The most frequent thing that workflows do. */
    FIELD_PATH("field path", ".order.customer.address.city", Inputs::order, 10),
    /** A request made of what another one answered. */
    MAPPING("10-field mapping", """
            {id: .order.id, status: .order.status, total: .order.total, currency: .order.currency,
             name: .order.customer.name, email: .order.customer.email, street: .order.customer.address.street,
             city: .order.customer.address.city, country: .order.customer.address.country, lines: .order.lines}""", Inputs::order, 10),
    /** Two out of five are selected. */
    MAP_SELECT("map(select(…)) over 1,000", "map(select(.total > 600))", Inputs::orders, 3),
    /** Seven groups. */
    GROUP_BY("group_by over 1,000", "group_by(.country)", Inputs::orders, 3),
    /** Five values in a sentence. */
    INTERPOLATION("string interpolation", """
            "Order \\(.order.id) of \\(.order.customer.name) to \\(.order.customer.address.city): \\(.order.total) \\(.order.currency)\"""", Inputs::order, 3),
    /** As with headers or settings. */
    TO_ENTRIES("to_entries of 100", "to_entries", Inputs::settings, 3),
    /** A sum. */
    REDUCE("reduce over 10,000", "reduce .[] as $n (0; . + $n)", Inputs::numbers, 3);

    private final String title;
    private final String program;

    @SuppressWarnings("ImmutableEnumChecker") // a method of Inputs, which has no state
    private final Supplier<JsonNode> input;

    private final int goal;

    Workload(String title, String program, Supplier<JsonNode> input, int goal) {
        this.title = title;
        this.program = program;
        this.input = input;
        this.goal = goal;
    }

    String title() {
        return title;
    }

    String program() {
        return program;
    }

    /** A new tree. */
    JsonNode input() {
        return input.get();
    }

    /** How many times as fast as jackson-jq it has to be. */
    int goal() {
        return goal;
    }
}
