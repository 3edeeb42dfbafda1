package dev.sluice.executor.run;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The tasks of a workflow by the hash that journal entries carry. */
final class Places {

    private Places() {}

    static Map<Integer, TaskBase> of(Workflow workflow) {
        Map<Integer, TaskBase> places = new HashMap<>();
        collect(workflow.tasks().tasks(), places);
        collect(workflow.functions().values(), places);
        workflow.extensions().forEach(extension -> collect(extension.tasks(), places));
        return places;
    }

    private static void collect(Collection<Task> tasks, Map<Integer, TaskBase> places) {
        for (Task task : tasks) {
            places.put(task.base().placeHash(), task.base());
            collect(task.inner(), places);
        }
    }
}
