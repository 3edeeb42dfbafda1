package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a task.
 *
 * @param at        where the run is
 * @param scope     named values that expressions see
 * @param deadline  the earliest timeout around it
 * @param extension whether it is a task of an extension, which no other extends
 * @param level     how many tasks it is in
 */
record Frame(Position at, Arguments scope, @Nullable Deadline deadline, boolean extension, int level) {

    /** Around everything. */
    static Frame root(Arguments scope) {
        return new Frame(Position.ROOT, scope, null, false, 0);
    }

    Frame at(Position position) {
        return new Frame(position, scope, deadline, extension, level);
    }

    Frame in(Arguments newScope) {
        return new Frame(at, newScope, deadline, extension, level);
    }

    Frame until(Deadline newDeadline) {
        return new Frame(at, scope, Deadline.earlier(deadline, newDeadline), extension, level);
    }

    Frame extending() {
        return new Frame(at, scope, deadline, true, level);
    }

    Frame deeper() {
        return new Frame(at, scope, deadline, extension, level + 1);
    }
}
