package dev.sluice.executor.expression.program;

import tools.jackson.databind.JsonNode;

/** Takes the outputs of a node with the paths that lead to them. */
@FunctionalInterface
interface PathSink {

    /** Takes an output, which {@link Path#NONE} leads to when it is no part of the input. */
    int accept(Path path, JsonNode value);
}
