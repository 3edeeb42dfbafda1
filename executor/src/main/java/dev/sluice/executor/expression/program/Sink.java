package dev.sluice.executor.expression.program;

import tools.jackson.databind.JsonNode;

/** Takes the outputs of a node, one after another. */
@FunctionalInterface
interface Sink {

    /** Takes an output; {@link Node#GO} for more, {@link Node#STOP} for no more. */
    int accept(JsonNode value);
}
