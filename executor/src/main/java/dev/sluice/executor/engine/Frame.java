package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a task.
 *
 * @param at       where the run is
 * @param scope    named values that expressions see
 * @param deadline the earliest timeout around it
 */
record Frame(Position at, Arguments scope, @Nullable Deadline deadline) {

    Frame at(Position position) {
        return new Frame(position, scope, deadline);
    }

    Frame in(Arguments newScope) {
        return new Frame(at, newScope, deadline);
    }

    Frame until(Deadline newDeadline) {
        return new Frame(at, scope, Deadline.earlier(deadline, newDeadline));
    }
}
