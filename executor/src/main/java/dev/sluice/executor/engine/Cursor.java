package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskList;

/**
 * Where a run is in a list of tasks.
 *
 * @param index next task; the list's size when the list has ended
 * @param turn  backward jumps so far, which keeps the positions of repeated tasks apart
 * @param noted effects of the branch when the list last noted where it is
 * @param then  what the list as a whole says to what surrounds it: on, since it was left or is at its end, or to the end of the
 *              workflow
 */
record Cursor(TaskList list, int index, int turn, int noted, State state, FlowDirective then) {

    static Cursor start(TaskList list, State state) {
        return new Cursor(list, 0, 0, state.effects(), state, FlowDirective.CONTINUE);
    }

    /** After a jump back that was noted. */
    static Cursor turned(TaskList list, int index, int turn, State state) {
        return new Cursor(list, index, turn, state.effects(), state, FlowDirective.CONTINUE);
    }

    boolean ended() {
        return index >= list.tasks().size();
    }

    Task task() {
        return list.tasks().get(index);
    }

    Cursor follow(Step step) {
        return switch (step.then()) {
            case FlowDirective.Continue on -> new Cursor(list, index + 1, turn, noted, step.state(), on);
            case FlowDirective.Exit exit -> new Cursor(list, list.tasks().size(), turn, noted, step.state(), exit);
            case FlowDirective.End end -> new Cursor(list, list.tasks().size(), turn, noted, step.state(), end);
            case FlowDirective.GoTo(String name) -> jump(list.indexOf(name), step.state());
        };
    }

    private Cursor jump(int target, State next) {
        return new Cursor(list, target, target <= index ? turn + 1 : turn, noted, next, FlowDirective.CONTINUE);
    }
}
