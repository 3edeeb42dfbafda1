package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.Deferral;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.EntryKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import tools.jackson.databind.JsonNode;

/**
 * Takes a task through the stages of the data flow (DSL, "Data Flow"): condition, input, the task itself, output, export;
 * and a list of tasks through its directives.
 */
final class TaskInterpreter {

    private final EffectLog log;
    private final Evaluations evaluations;
    private final TasksLeft left;
    private final CallInterpreter calls;
    private final WaitInterpreter waits;
    private final EmitInterpreter emissions;
    private final ListenInterpreter listens;
    private final SubscribeInterpreter subscriptions;
    private final SubflowInterpreter subflows;
    private final Checkpoints checkpoints;
    private final Lifecycle lifecycle;
    private final Loop loop;
    private final ForInterpreter iterations;
    private final ForkInterpreter forks;
    private final StreamInterpreter streams;
    private final DeferralInterpreter deferrals;
    private final TryInterpreter tries;
    private final FunctionInterpreter functions;
    private final ExtensionInterpreter extensions;

    TaskInterpreter(
            EffectLog log,
            Evaluations evaluations,
            TasksLeft left,
            CallInterpreter calls,
            WaitInterpreter waits,
            EmitInterpreter emissions,
            ListenInterpreter listens,
            SubscribeInterpreter subscriptions,
            SubflowInterpreter subflows,
            Checkpoints checkpoints,
            ForkInterpreter forks,
            StreamInterpreter streams,
            DeferralInterpreter deferrals,
            Map<String, Task> functions,
            CallsUnderWay underWay,
            Lifecycle lifecycle,
            Loop loop) {
        this.log = log;
        this.evaluations = evaluations;
        this.left = left;
        this.calls = calls;
        this.waits = waits;
        this.emissions = emissions;
        this.listens = listens;
        this.subscriptions = subscriptions;
        this.subflows = subflows;
        this.checkpoints = checkpoints;
        this.lifecycle = lifecycle;
        this.loop = loop;
        this.iterations = new ForInterpreter(this, evaluations, checkpoints, forks, loop);
        this.forks = forks;
        this.streams = streams;
        this.deferrals = deferrals;
        this.functions = new FunctionInterpreter(this, evaluations, functions);
        this.extensions = new ExtensionInterpreter(this, evaluations);
        this.tries = new TryInterpreter(this, evaluations, log, waits, underWay, loop);
    }

    /** Runs a list to its end; the step says whether the workflow goes on or ends. */
    Mono<Step> sequence(TaskList list, Frame frame, State state) {
        return list(list, frame, state)
                .map(step -> step.then() instanceof FlowDirective.Exit
                        ? new Step(step.state(), FlowDirective.CONTINUE)
                        : step);
    }

    /** The same; the step also says whether the list was left by {@code exit}. */
    Mono<Step> list(TaskList list, Frame frame, State state) {
        Cursor start = checkpoints.reached(list, frame.at()).orElseGet(() -> Cursor.start(list, state));
        return loop.until(Cursor::ended, start, cursor -> advance(cursor, frame))
                .map(cursor -> new Step(cursor.state(), cursor.then()));
    }

    private Mono<Cursor> advance(Cursor cursor, Frame frame) {
        Frame inner = frame.at(frame.at().task(cursor.index(), cursor.turn()));
        return task(cursor.task(), inner, cursor.state())
                .map(cursor::follow)
                .flatMap(next ->
                        next.turn() == cursor.turn() ? Mono.just(next) : checkpoints.noteTurn(next, frame.at()));
    }

    /** Runs one task, and what extends it. */
    Mono<Step> task(Task task, Frame around, State state) {
        Frame frame = around.deeper();
        return Mono.defer(() -> {
                    lifecycle.reached(task.base(), frame.at().path());
                    return task.base().extensions().isEmpty() || frame.extension()
                            ? begin(task, task.base().condition(), frame, state)
                            : extended(task, frame, state);
                })
                .onErrorMap(error -> TaskFault.of(error, task.base(), state))
                .onErrorMap(TaskFault.class, fault -> fault.without(log.scrubber()));
    }

    private Mono<Step> extended(Task task, Frame frame, State state) {
        TaskBase base = task.base();
        Arguments seen = seen(base, frame, state);
        Expression condition = base.condition();
        Mono<Boolean> holds =
                condition == null ? Mono.just(true) : evaluations.of(() -> condition.test(state.data(), seen));
        Frame inner = frame.at(frame.at().extended());
        return holds.flatMap(yes -> yes
                ? extensions.around(base, frame, seen, state, now -> begin(task, null, inner, now))
                : Mono.just(new Step(state, FlowDirective.CONTINUE)));
    }

    /** In an extension {@code $task} is what it extends. */
    private static Arguments seen(TaskBase base, Frame frame, State state) {
        Arguments seen =
                frame.scope().with("context", state.context()).withLazy("__now", () -> Descriptors.now(state.clock()));
        return frame.extension()
                ? seen
                : seen.withLazy("task", () -> Descriptors.task(base, state.data(), null, state.clock()));
    }

    /** Runs a task when its condition holds, unless a checkpoint says how it ended. */
    private Mono<Step> begin(Task task, @Nullable Expression condition, Frame frame, State state) {
        Optional<Step> restored = checkpoints.restore(task, frame);
        if (restored.isPresent()) {
            return Mono.just(restored.get());
        }
        TaskBase base = task.base();
        Deferral<TaskBase> schemas = base.deferral();
        if (schemas == null) {
            return enter(task, base, condition, frame, state, state);
        }
        Arguments seen = seen(base, frame, state);
        Mono<Boolean> holds =
                condition == null ? Mono.just(true) : evaluations.of(() -> condition.test(state.data(), seen));
        return holds.filter(yes -> yes)
                .flatMap(yes -> deferrals.get(schemas, base, frame.at().schemas(), frame.in(seen), state))
                .onErrorMap(error -> failed(base, frame.at(), error, state))
                .flatMap(ready -> enter(task, ready.value(), null, frame, state, ready.state()))
                .switchIfEmpty(Mono.fromSupplier(() -> new Step(state, FlowDirective.CONTINUE)));
    }

    /**
     * Runs a task whose schemas are known when its condition holds.
     *
     * @param base  with its schemas
     * @param began before these were known
     */
    private Mono<Step> enter(
            Task task, TaskBase base, @Nullable Expression condition, Frame frame, State began, State state) {
        Arguments seen = seen(base, frame, began);
        if (condition == null && base.input().isNone() && base.timeout() == null) {
            return perform(task, base, frame, seen, began, state, new Entry(state.data(), null));
        }
        return evaluations
                .of(() -> enter(base, condition, seen, state))
                .onErrorMap(error -> failed(base, frame.at(), error, state))
                .flatMap(entry -> entry.map(taken -> perform(task, base, frame, seen, began, state, taken))
                        .orElseGet(() -> Mono.just(new Step(state, FlowDirective.CONTINUE))));
    }

    /**
     * What a task begins with.
     *
     * @param limit how long it may take, absent for as long as what is around it
     */
    private record Entry(JsonNode input, @Nullable Duration limit) {}

    /** Empty when the condition does not hold. */
    private static Optional<Entry> enter(TaskBase base, @Nullable Expression condition, Arguments seen, State state) {
        if (condition != null && !condition.test(state.data(), seen)) {
            return Optional.empty();
        }
        JsonNode input = base.input().in(state.data(), seen);
        Duration limit = base.timeout() == null ? null : base.timeout().resolve(input, seen.with("input", input));
        return Optional.of(new Entry(input, limit));
    }

    private Mono<Step> perform(
            Task task, TaskBase base, Frame frame, Arguments seen, State began, State state, Entry entry) {
        Frame inner = timed(base, entry.limit(), frame.in(seen.with("input", entry.input())), began);
        if (!(task instanceof Task.Wait) && !base.type().equals("listen")) {
            lifecycle.started(base, frame.at().path(), state.clock());
        }
        State given = state.withData(entry.input());
        Mono<Step> done = task instanceof Task.Deferred deferred
                ? deferrals
                        .get(deferred.deferral(), base, frame.at().documents(), inner, given)
                        .flatMap(ready -> perform(ready.value(), base, inner, began, ready.state()))
                : perform(task, base, inner, began, given);
        return done.onErrorResume(error -> lost(base, frame.at(), error, state))
                .doFinally(end -> left(base, frame.at(), end));
    }

    private Mono<Step> perform(Task task, TaskBase base, Frame frame, State began, State given) {
        return body(task, frame, given)
                .flatMap(step -> Afterwards.of(step, finish(task, base, frame, began, step)))
                .map(this::scrubbed)
                .flatMap(this::told)
                .doOnNext(step -> lifecycle.completed(
                        base, frame.at().path(), step.state().clock(), step.seq()))
                // Last: what a checkpoint replaces does not happen again, nor is it told again.
                .flatMap(step -> checkpoints.note(task, frame, began, step));
    }

    /** Where much is to be told of tasks that have no entries, that is written first. */
    private Mono<Step> told(Step step) {
        return log.tellsMuch() ? log.flush().thenReturn(step) : Mono.just(step);
    }

    private Mono<Step> body(Task task, Frame frame, State state) {
        return switch (task) {
            case Task.Set set -> set(set, frame, state);
            case Task.Do composite -> composite(composite.base(), sequence(composite.tasks(), frame, state));
            case Task.Switch choice -> evaluations.of(() -> choose(choice, frame, state));
            case Task.Raise raise ->
                evaluations.of(() -> raised(raise, frame, state)).flatMap(Mono::error);
            case Task.For repeated -> composite(repeated.base(), iterations.run(repeated, frame, state));
            case Task.Fork fork -> composite(fork.base(), forks.run(this, fork, frame, state));
            case Task.ReadStream stream -> streams.run(this, stream, frame, state);
            case Task.Try attempt -> tries.run(attempt, frame, state);
            case Task.Wait pause -> waits.run(pause, frame, state).map(after -> step(pause.base(), after));
            case Task.MakeCall call -> calls.run(call, frame, state);
            case Task.CallFunction call -> composite(call.base(), functions.run(call, frame, state));
            case Task.Emit emission -> emissions.run(emission, frame, state);
            case Task.Listen listen -> listens.run(this, listen, frame, state);
            case Task.Subscribe subscription -> subscriptions.run(this, subscription, frame, state);
            case Task.RunWorkflow subflow -> subflows.run(subflow, frame, state);
            case Task.Deferred deferred ->
                throw new IllegalStateException(
                        "Nobody has got " + deferred.base().reference());
        };
    }

    private Mono<Step> set(Task.Set set, Frame frame, State state) {
        Mono<JsonNode> value = evaluations.of(() -> set.value().evaluate(state.data(), frame.scope()));
        if (!set.journal()) {
            return value.map(data -> step(set.base(), state.withData(data)));
        }
        return log.once(EntryKind.COMPLETED, frame.at(), set.base(), value.map(log.scrubber()::scrub))
                .map(entry -> new Step(
                        state.passed(entry.at()).withData(entry.payload()),
                        set.base().then(),
                        entry.seq()));
    }

    private Mono<Step> finish(Task task, TaskBase base, Frame frame, State before, Step step) {
        if (base.output().isNone() && base.export().isNone()) {
            return Mono.just(step);
        }
        Authentication policy = policy(task);
        Frame seeing = policy == null
                ? frame
                : frame.in(frame.scope().withLazy("authorization", () -> Descriptors.authorization(policy)));
        return evaluations.of(() -> transformed(base, seeing, before, step));
    }

    private static @Nullable Authentication policy(Task task) {
        if (task instanceof Task.Subscribe subscription) {
            return subscription.channel().authentication();
        }
        return task instanceof Task.MakeCall call ? call.call().authentication() : null;
    }

    private static Step transformed(TaskBase base, Frame frame, State before, Step step) {
        JsonNode raw = step.state().data();
        JsonNode context = step.state().context();
        Arguments seen = frame.scope()
                .with("context", context)
                .withLazy("__now", () -> Descriptors.now(step.state().clock()));
        Arguments scope = frame.extension()
                ? seen
                : seen.withLazy("task", () -> Descriptors.task(base, before.data(), raw, before.clock()));
        JsonNode output = base.output().out(raw, scope);
        JsonNode exported = base.export().isNone() ? context : base.export().exported(output, context, scope);
        return new Step(step.state().withData(output).withContext(exported), step.then(), step.seq());
    }

    /** The end of the workflow passes through; otherwise what follows a composite task is its own to say. */
    private static Mono<Step> composite(TaskBase base, Mono<Step> inner) {
        return inner.map(step -> step.then() instanceof FlowDirective.End ? step : step(base, step.state()));
    }

    private static Step choose(Task.Switch choice, Frame frame, State state) {
        return choice.cases().stream()
                .filter(option -> option.when() != null && option.when().test(state.data(), frame.scope()))
                .findFirst()
                .or(() -> choice.cases().stream()
                        .filter(option -> option.when() == null)
                        .findFirst())
                .map(option -> new Step(state, option.then()))
                .orElseGet(() -> step(choice.base(), state));
    }

    private static Throwable raised(Task.Raise raise, Frame frame, State state) {
        String reference = raise.base().reference();
        try {
            DslError error = DslError.fromJson(raise.error().evaluate(state.data(), frame.scope()));
            return new TaskFault(
                    new DslError(error.type(), error.status(), reference, error.title(), error.detail()), state);
        } catch (ExpressionException e) {
            return TaskFault.of(e, raise.base(), state);
        }
    }

    private Frame timed(TaskBase base, @Nullable Duration limit, Frame frame, State state) {
        if (limit == null) {
            return frame;
        }
        Instant due = log.since(state.clock()).plus(limit);
        return frame.until(new Deadline(due, frame.at().path(), base.reference()));
    }

    /** One operator for each task, whatever happens: there are many of them. */
    private Mono<Step> lost(TaskBase base, Position at, Throwable error, State state) {
        return error instanceof Afterwards after
                ? spoiled(base, at, after.failure(), state)
                        .onErrorMap(other -> failed(base, at, other, state))
                        .then(Mono.error(() -> failed(base, at, after.failure(), state)))
                : Mono.error(failed(base, at, error, state));
    }

    private Mono<Void> spoiled(TaskBase base, Position at, Throwable error, State state) {
        return TaskFault.of(error, base, state) instanceof TaskFault fault
                ? log.spoiled(at, base, fault.without(log.scrubber()).spoiling())
                : Mono.empty();
    }

    /** Tells that a task failed, and what with. What is no fault ends its time in memory, and not the task. */
    private Throwable failed(TaskBase base, Position at, Throwable error, State state) {
        if (!(TaskFault.of(error, base, state) instanceof TaskFault fault)) {
            left.add(base, at);
            return error;
        }
        TaskFault shown = fault.without(log.scrubber());
        if (shown.entry() == null) {
            lifecycle.faulted(base, at.path(), shown.clock(), shown.error().toJson());
        } else {
            lifecycle.faulted(base, shown.entry());
        }
        return shown.beyond();
    }

    private void left(TaskBase base, Position at, SignalType end) {
        if (end == SignalType.CANCEL) {
            left.add(base, at);
        }
    }

    /** A task takes what is secret in, and gives nothing of it on. */
    private Step scrubbed(Step step) {
        Scrubber scrubber = log.scrubber();
        if (scrubber.isIdle()) {
            return step;
        }
        State state = step.state();
        State scrubbed = state.withData(scrubber.scrub(state.data())).withContext(scrubber.scrub(state.context()));
        return new Step(scrubbed, step.then(), step.seq());
    }

    static Step step(TaskBase base, State state) {
        return new Step(state, base.then());
    }
}
