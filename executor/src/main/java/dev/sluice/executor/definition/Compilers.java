package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The compilers of one document's parts, which share its violations and its reusable components. */
final class Compilers {

    private final Map<String, Consumption> listeners = new LinkedHashMap<>();
    private final Violations violations;
    private final Names names;
    private final ExpressionCompiler expressions;
    private final DurationCompiler durations;
    private final TimeoutCompiler timeouts;
    private final ErrorCompiler errors;
    private final RetryCompiler retries;
    private final HttpCallCompiler http;
    private final EventTaskCompiler events;
    private final SubflowCompiler subflows;
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
        this.events = new EventTaskCompiler(this);
        this.subflows = new SubflowCompiler(violations, expressions);
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

    EventTaskCompiler events() {
        return events;
    }

    SubflowCompiler subflows() {
        return subflows;
    }

    /** What each {@code listen} of the document takes, by the task's reference. */
    Map<String, Consumption> listeners() {
        return listeners;
    }

    /** {@code from} or {@code as} under {@code input}, {@code output} or {@code export}; null when that is absent. */
    @Nullable
    Template transformation(@Nullable Fields fields, String name, Set<String> variables) {
        if (fields == null) {
            return null;
        }
        fields.unavailable("schema");
        Template template = expressions.transformation(fields, name, variables);
        fields.close();
        return template;
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
