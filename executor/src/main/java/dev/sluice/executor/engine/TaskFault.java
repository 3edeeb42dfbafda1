package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Spoiled;
import dev.sluice.executor.schema.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task ended with an error. Carries what the error's handler goes on with: the context and the logical time at the
 * point of failure.
 */
public final class TaskFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient DslError error;
    private final transient State state;
    private final @Nullable String origin;
    private final @Nullable String expired;
    private final boolean repeatable;
    private final transient @Nullable Entry entry;

    TaskFault(
            DslError error,
            State state,
            @Nullable String origin,
            @Nullable String expired,
            boolean repeatable,
            @Nullable Entry entry) {
        super(error.type(), null, false, false);
        this.error = error;
        this.state = state;
        this.origin = origin;
        this.expired = expired;
        this.repeatable = repeatable;
        this.entry = entry;
    }

    TaskFault(DslError error, State state) {
        this(error, state, null, null, true, null);
    }

    /** What went wrong. */
    public DslError error() {
        return error;
    }

    /** Path of the journal entry that failed; absent when no effect did, but an expression or a {@code raise}. */
    public @Nullable String origin() {
        return origin;
    }

    /** Path of the task whose timeout it is; null for all other faults. */
    @Nullable
    String expired() {
        return expired;
    }

    /** The fault of a task that an error is, or the error itself, which is none. */
    static Throwable of(Throwable error, TaskBase base, State state) {
        return switch (error) {
            case ExpressionException e -> new TaskFault(ErrorType.EXPRESSION.at(base.reference(), e.detail()), state);
            case InvalidValueException e ->
                new TaskFault(ErrorType.VALIDATION.at(base.reference(), e.getMessage()), state);
            case UnknownSecretException e ->
                new TaskFault(ErrorType.AUTHORIZATION.at(base.reference(), e.getMessage()), state);
            default -> error;
        };
    }

    /** The entry of the task that ended with it; absent when none says so, and to those around that task. */
    @Nullable
    Entry entry() {
        return entry;
    }

    /** The same as it comes to what is around the task. */
    TaskFault beyond() {
        return entry == null ? this : new TaskFault(error, state, origin, expired, repeatable, null);
    }

    /** As it is noted of a task that failed after what it did was recorded. */
    Spoiled spoiling() {
        return new Spoiled(error.toJson(), clock());
    }

    JsonNode context() {
        return state.context();
    }

    Instant clock() {
        return state.clock();
    }

    State state() {
        return state;
    }

    /** The same fault, with something else to go on with. */
    TaskFault with(State other) {
        return new TaskFault(error, other, origin, expired, repeatable, entry);
    }

    /** The same without what is secret. */
    TaskFault without(Scrubber scrubber) {
        return scrubber.isIdle()
                ? this
                : new TaskFault(error.without(scrubber), state, origin, expired, repeatable, entry);
    }

    /** Whether a retry may repeat what failed. */
    boolean repeatable() {
        return repeatable;
    }

    /** Whether a handler at a path may catch this: the expiry of an outer task's deadline passes the handlers inside it. */
    boolean mayBeCaughtAt(Position handler) {
        return expired == null || !handler.within(expired);
    }
}
