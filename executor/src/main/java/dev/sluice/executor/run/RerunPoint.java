package dev.sluice.executor.run;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.HashSet;
import java.util.Set;

/**
 * A task that a rerun may begin at: one of the outermost list, or of a {@code do} in it. Inside a fork, a loop or an attempt
 * there is more to go back to than a place.
 *
 * @param around place hashes of the {@code do} tasks it is in
 */
record RerunPoint(TaskBase task, Set<Integer> around) {

    RerunPoint {
        around = Set.copyOf(around);
    }

    /** The task of a reference; {@link ProblemType#INVALID_REQUEST} when there is none, or no rerun can begin there. */
    static RerunPoint of(Workflow workflow, String reference) {
        return in(workflow.tasks(), reference, new HashSet<>());
    }

    private static RerunPoint in(TaskList list, String reference, Set<Integer> around) {
        for (Task task : list.tasks()) {
            TaskBase base = task.base();
            if (base.reference().equals(reference)) {
                return new RerunPoint(base, around);
            }
            if (reference.startsWith(base.reference() + "/")) {
                around.add(base.placeHash());
                return within(task, reference, around);
            }
        }
        throw invalid("The run's workflow has no task '" + reference + "'");
    }

    private static RerunPoint within(Task task, String reference, Set<Integer> around) {
        if (task instanceof Task.Do composite) {
            return in(composite.tasks(), reference, around);
        }
        throw inside(task);
    }

    private static SluiceException inside(Task task) {
        return invalid("No rerun begins inside '" + task.base().reference() + "', a '"
                + task.base().type() + "' task");
    }

    private static SluiceException invalid(String what) {
        return new SluiceException(
                ProblemType.INVALID_REQUEST,
                what + "; 'from' is the reference of a task of the outermost 'do', or of a 'do' task in it, such as"
                        + " /do/0/first.");
    }
}
