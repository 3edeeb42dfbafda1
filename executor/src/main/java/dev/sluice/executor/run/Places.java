package dev.sluice.executor.run;

import dev.sluice.executor.definition.EventLoop;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.definition.Workflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tasks of a workflow by the hash that journal entries carry. */
final class Places {

    private Places() {}

    static Map<Integer, TaskBase> of(Workflow workflow) {
        Map<Integer, TaskBase> places = new HashMap<>();
        collect(workflow.tasks(), places);
        return places;
    }

    private static void collect(TaskList list, Map<Integer, TaskBase> places) {
        collect(list.tasks(), places);
    }

    private static void collect(List<Task> tasks, Map<Integer, TaskBase> places) {
        for (Task task : tasks) {
            places.put(task.base().placeHash(), task.base());
            switch (task) {
                case Task.Do composite -> collect(composite.tasks(), places);
                case Task.For loop -> collect(loop.tasks(), places);
                case Task.Fork fork -> collect(fork.branches(), places);
                case Task.Try attempt -> collect(attempt, places);
                case Task.Listen listen -> collect(listen.foreach(), places);
                case Task.CallHttp leaf -> {}
                case Task.Emit leaf -> {}
                case Task.Raise leaf -> {}
                case Task.RunWorkflow leaf -> {}
                case Task.Set leaf -> {}
                case Task.Switch leaf -> {}
                case Task.Wait leaf -> {}
            }
        }
    }

    private static void collect(@Nullable EventLoop foreach, Map<Integer, TaskBase> places) {
        if (foreach != null) {
            collect(foreach.tasks(), places);
        }
    }

    private static void collect(Task.Try attempt, Map<Integer, TaskBase> places) {
        collect(attempt.tasks(), places);
        if (attempt.handler().tasks() != null) {
            collect(attempt.handler().tasks(), places);
        }
    }
}
