package dev.sluice.executor.definition;

import java.util.List;

/** Tasks in the order of their declaration; names are unique within the list. */
public record TaskList(List<Task> tasks) {

    public TaskList {
        tasks = List.copyOf(tasks);
    }

    /** Position of the task with a name. The compiler has checked that each directive's target exists. */
    public int indexOf(String name) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).base().name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("No task '" + name + "' in the list");
    }
}
