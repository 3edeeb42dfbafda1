package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Template;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A compiled task. The engine has one interpreter per kind and switches over all of them. */
public sealed interface Task {

    /** What every task has. */
    TaskBase base();

    /** The tasks that stand inside of it in the document. */
    default List<Task> inner() {
        return switch (this) {
            case Do composite -> composite.tasks().tasks();
            case For loop -> loop.tasks().tasks();
            case Fork fork -> fork.branches();
            case ReadStream stream -> stream.tasks().tasks();
            case Listen listen ->
                listen.foreach() == null ? List.of() : listen.foreach().tasks().tasks();
            case Subscribe subscription ->
                subscription.foreach() == null
                        ? List.of()
                        : subscription.foreach().tasks().tasks();
            case Try attempt -> attempt.all();
            case Deferred deferred -> deferred.known();
            case CallFunction leaf -> List.of();
            case MakeCall leaf -> List.of();
            case Emit leaf -> List.of();
            case Raise leaf -> List.of();
            case RunWorkflow leaf -> List.of();
            case Set leaf -> List.of();
            case Switch leaf -> List.of();
            case Wait leaf -> List.of();
        };
    }

    /** {@code call} of a function of the specification, or {@code run: script}. */
    record MakeCall(TaskBase base, Call call, OnUnknown onUnknown) implements Task {}

    /**
     * {@code call} of a function of the document: its task, over an input of its own.
     *
     * @param function its name in {@link Workflow#functions}
     * @param input    {@code with}, absent for the task's input
     */
    record CallFunction(
            TaskBase base, String function, @Nullable Template input) implements Task {}

    /**
     * A task that refers to documents whose addresses only a run can tell.
     *
     * @param known    the tasks inside of it
     * @param deferral gives the task itself
     */
    record Deferred(TaskBase base, List<Task> known, Deferral<Task> deferral) implements Task {}

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
     * @param concurrency how many iterations run at a time ({@code metadata.sluice.concurrency}); with more than one each begins with
     *                    the task's input, and their outputs are an array
     */
    record For(
            TaskBase base,
            String each,
            String at,
            Template in,
            @Nullable Expression condition,
            int concurrency,
            TaskList tasks)
            implements Task {}

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
     * @param output   what of it is
     */
    record RunWorkflow(TaskBase base, WorkflowName workflow, Template input, boolean await, ProcessOutput output)
            implements Task {}

    /**
     * {@code set}: the task's output is a value.
     *
     * @param journal whether the value is fixed in the journal before anything uses it ({@code metadata.sluice.journal}),
     *                rather than computed anew by each replay
     */
    record Set(TaskBase base, Template value, boolean journal) implements Task {}

    /**
     * {@code call: stream}: a response read as it comes, each element of which the tasks are done with.
     *
     * @param item        variable of the element
     * @param at          variable of its index, from 0
     * @param tasks       done with each; empty for none
     * @param concurrency elements that they are done with at a time; with one each sees the context that the former left
     * @param collect     what becomes the output
     * @param limit       most elements that an output has
     */
    record ReadStream(
            TaskBase base,
            StreamCall source,
            String item,
            String at,
            TaskList tasks,
            int concurrency,
            StreamCall.Collect collect,
            int limit)
            implements Task {}

    /**
     * {@code call: asyncapi} with a {@code subscription}: messages, which make the output in the order in which they are consumed.
     *
     * @param channel  where they come from
     * @param filter   of those that are consumed, absent for all
     * @param lifetime when there are enough
     * @param foreach  what is done with each, absent for nothing
     */
    record Subscribe(
            TaskBase base,
            ChannelSubscription channel,
            @Nullable Expression filter,
            Lifetime lifetime,
            @Nullable EventLoop foreach)
            implements Task {}

    /** {@code switch}: goes where the first matching case says. */
    record Switch(TaskBase base, List<Case> cases) implements Task {}

    /**
     * A case of a switch.
     *
     * @param when absent for the default case, which matches when no other does
     */
    record Case(String name, @Nullable Expression when, FlowDirective then) {}

    /** {@code try}: a list, and what to do when it fails. */
    record Try(TaskBase base, TaskList tasks, Catch handler) implements Task {

        private List<Task> all() {
            return handler.tasks() == null
                    ? tasks.tasks()
                    : Stream.concat(tasks.tasks().stream(), handler.tasks().tasks().stream())
                            .toList();
        }
    }

    /** {@code wait}: nothing happens for a time. */
    record Wait(TaskBase base, DurationValue duration) implements Task {}
}
