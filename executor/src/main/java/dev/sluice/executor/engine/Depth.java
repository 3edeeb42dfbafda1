package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;

/** How far runs may start one another, directly or by events. */
final class Depth {

    private Depth() {}

    /** What a task gets that would start runs beyond the bound. */
    static DslError exceeded(TaskBase base, int maxDepth) {
        String detail =
                "This run is the " + maxDepth + "th of a chain of runs that started one another, the most there may"
                        + " be: a workflow that starts itself needs an end.";
        return ErrorType.RUNTIME.at(base.reference(), detail);
    }
}
