package dev.sluice.executor.definition;

/** The compilers of one document's parts, which share its violations and its reusable components. */
final class Compilers {

    private final Violations violations;
    private final Names names;
    private final ExpressionCompiler expressions;
    private final DurationCompiler durations;
    private final TimeoutCompiler timeouts;
    private final ErrorCompiler errors;
    private final RetryCompiler retries;
    private final HttpCallCompiler http;
    private final CompositeCompiler composites;
    private final TaskListCompiler lists;
    private final TaskCompiler tasks;

    Compilers(Violations violations, Reusables reusables) {
        this.violations = violations;
        this.names = new Names(violations);
        this.expressions = new ExpressionCompiler(violations);
        this.durations = new DurationCompiler(violations, expressions);
        this.timeouts = new TimeoutCompiler(violations, durations, reusables);
        this.errors = new ErrorCompiler(violations, expressions, reusables);
        this.retries = new RetryCompiler(violations, expressions, durations, reusables);
        this.http = new HttpCallCompiler(violations, expressions);
        this.composites = new CompositeCompiler(this);
        this.lists = new TaskListCompiler(this);
        this.tasks = new TaskCompiler(this);
    }

    Violations violations() {
        return violations;
    }

    Names names() {
        return names;
    }

    ExpressionCompiler expressions() {
        return expressions;
    }

    DurationCompiler durations() {
        return durations;
    }

    TimeoutCompiler timeouts() {
        return timeouts;
    }

    ErrorCompiler errors() {
        return errors;
    }

    RetryCompiler retries() {
        return retries;
    }

    HttpCallCompiler http() {
        return http;
    }

    CompositeCompiler composites() {
        return composites;
    }

    TaskListCompiler lists() {
        return lists;
    }

    TaskCompiler tasks() {
        return tasks;
    }
}
