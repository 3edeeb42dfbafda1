package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import org.jspecify.annotations.Nullable;

/**
 * A task's outcome: what flows on, and where to.
 *
 * @param seq the journal entry it stands in, absent for what is not journaled
 */
record Step(State state, FlowDirective then, @Nullable Integer seq) {

    Step(State state, FlowDirective then) {
        this(state, then, null);
    }
}
