package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled task. The engine has one interpreter per kind and switches over all of them. */
public sealed interface Task {

    /** What every task has. */
    TaskBase base();

    /** {@code call: http}. */
    record CallHttp(TaskBase base, HttpCall call, OnUnknown onUnknown) implements Task {}

    /** {@code do}: tasks in sequence. */
    record Do(TaskBase base, TaskList tasks) implements Task {}

    /** {@code emit}: an event, whose attributes the template gives. */
    record Emit(TaskBase base, Template event) implements Task {}

    /**
     * {@code for}: the list once per item, each iteration fed with the former's output.
     *
     * @param each      variable of the item
     * @param at        variable of the index
     * @param in        gives the collection
     * @param condition {@code while}, absent for all items
     */
    record For(
            TaskBase base,
            String each,
            String at,
            Template in,
            @Nullable Expression condition,
            TaskList tasks) implements Task {}

    /**
     * {@code fork}: branches at the same time.
     *
     * @param compete whether the first branch that ends well makes the output alone
     */
    record Fork(TaskBase base, List<Task> branches, boolean compete) implements Task {}

    /**
     * {@code listen}: events, which make the output in the order in which they are consumed.
     *
     * @param read    what of an event is read
     * @param foreach what is done with each, absent for nothing
     */
    record Listen(
            TaskBase base,
            Consumption to,
            Workflow.EventRead read,
            @Nullable EventLoop foreach) implements Task {}

    /** {@code raise}: ends with an error; the template gives an object in the form of RFC 9457. */
    record Raise(TaskBase base, Template error) implements Task {}

    /**
     * {@code run: workflow}: a run of another workflow.
     *
     * @param workflow whose version may be {@code latest}
     * @param await    whether the other run's output is this task's
     */
    record RunWorkflow(TaskBase base, WorkflowName workflow, Template input, boolean await) implements Task {}

    /**
     * {@code set}: the task's output is a value.
     *
     * @param journal whether the value is fixed in the journal before anything uses it ({@code metadata.sluice.journal}),
     *                rather than computed anew by each replay
     */
    record Set(TaskBase base, Template value, boolean journal) implements Task {}

    /** {@code switch}: goes where the first matching case says. */
    record Switch(TaskBase base, List<Case> cases) implements Task {}

    /**
     * A case of a switch.
     *
     * @param when absent for the default case, which matches when no other does
     */
    record Case(String name, @Nullable Expression when, FlowDirective then) {}

    /** {@code try}: a list, and what to do when it fails. */
    record Try(TaskBase base, TaskList tasks, Catch handler) implements Task {}

    /** {@code wait}: nothing happens for a time. */
    record Wait(TaskBase base, DurationValue duration) implements Task {}
}
