package dev.sluice.executor.definition;

/** Where a run goes after a task (DSL reference, "Flow Directive"). */
public sealed interface FlowDirective {

    /** On to the next task in the list. */
    record Continue() implements FlowDirective {}

    /** Out of the current list. */
    record Exit() implements FlowDirective {}

    /** To the end of the workflow. */
    record End() implements FlowDirective {}

    /** To the task with a name in the same list. */
    record GoTo(String task) implements FlowDirective {}

    FlowDirective CONTINUE = new Continue();
    FlowDirective EXIT = new Exit();
    FlowDirective END = new End();
}
