package dev.sluice.executor.engine;

import dev.sluice.executor.definition.DurationValue;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.executor.schema.InvalidValueException;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Interprets one run of a workflow over its journal, on one of the engine's threads: its branches take turns, so that what
 * watchers hear comes in the order of the journal. Pure tasks are evaluated anew each time; effects whose entries are
 * there are read back, and only what lies beyond the journal touches the world.
 */
public final class Interpreter {

    private final Workflow workflow;
    private final RunFacts facts;
    private final Scheduler thread;
    private final Parking parking;
    private final World world;
    private final EffectLog log;
    private final TasksLeft left;
    private final Evaluations evaluations;
    private final TaskInterpreter tasks;

    /**
     * An interpreter for one run; use it once.
     *
     * @param world  what is outside of the run
     * @param shared what all runs of a node share
     * @param owner whether this node may still start effects for the run
     */
    public Interpreter(
            Workflow workflow,
            RunFacts facts,
            RunJournal journal,
            World world,
            Lifecycle lifecycle,
            BooleanSupplier owner,
            EngineSettings shared) {
        this.workflow = workflow;
        this.facts = facts;
        this.thread = Schedulers.single(shared.scheduler());
        Work work = new Work(thread);
        EngineSettings settings = shared.on(thread);
        this.parking = new Parking(settings);
        this.world = world;
        this.log = new EffectLog(journal, last(workflow), parking, thread, new Scrubber());
        this.evaluations = settings.evaluations().of(facts.organization(), thread, work);
        this.left = new TasksLeft();
        CallsUnderWay underWay = new CallsUnderWay();
        Checkpoints checkpoints = new Checkpoints(journal);
        Loop loop = new Loop(parking, work);
        IteratorInterpreter iterator = new IteratorInterpreter(evaluations, checkpoints);
        this.tasks = new TaskInterpreter(
                log,
                evaluations,
                left,
                new CallInterpreter(facts, log, evaluations, underWay, world.caller(), owner, settings),
                new WaitInterpreter(log, evaluations, parking, lifecycle, settings.clock()),
                new EmitInterpreter(workflow.name(), facts, log, evaluations, settings.maxDepth()),
                new ListenInterpreter(
                        facts, log, evaluations, world, parking, iterator, lifecycle, settings.clock(), loop),
                new SubscribeInterpreter(
                        facts, log, evaluations, world.channels(), parking, iterator, loop, owner, settings),
                new SubflowInterpreter(facts, log, evaluations, world, parking, settings),
                checkpoints,
                new ForkInterpreter(log, lifecycle, left, underWay, parking, work, thread),
                new StreamInterpreter(
                        facts,
                        log,
                        evaluations,
                        world.streamer(),
                        checkpoints,
                        left,
                        underWay,
                        parking,
                        work,
                        loop,
                        owner,
                        settings),
                new DeferralInterpreter(facts, log, evaluations, world.documents(), owner, settings),
                workflow.functions(),
                underWay,
                lifecycle,
                loop);
    }

    /** The last task of all, when it is one that runs no others and its outcome is all there is to write of it. */
    private static @Nullable Integer last(Workflow workflow) {
        Task task = workflow.tasks().tasks().getLast();
        boolean outcome = task instanceof Task.MakeCall || (task instanceof Task.Set set && set.journal());
        return outcome && task.base().extensions().isEmpty() && !(task.base().then() instanceof FlowDirective.GoTo)
                ? task.base().placeHash()
                : null;
    }

    /**
     * Runs to the end and emits the workflow's output. Ends with {@link TaskFault} when the workflow faults, with {@link
     * Parked} when it has nothing to do for a while, with {@link Suspended} when it has halted, and with the journal's
     * errors when it may not or cannot go on. Cancelling cancels the effect under way and starts no other.
     *
     * @param halt when it completes, effects under way end and are journaled, and no other begins
     */
    public Mono<JsonNode> run(Mono<Void> halt) {
        Mono<JsonNode> halting =
                halt.publishOn(thread).doOnSuccess(done -> parking.halt()).then(Mono.never());
        return Mono.firstWithSignal(Mono.defer(this::interpret).subscribeOn(thread), halting)
                .doFinally(end -> thread.dispose());
    }

    /**
     * Goes through what the journal holds, to where effects would begin: none does. Completes when the run has come to rest
     * there, however it did.
     */
    Mono<Void> replay() {
        return Mono.defer(() -> {
            parking.withoutEffects();
            return run(Mono.never()).then().onErrorComplete(Interpreter::atRest);
        });
    }

    private static boolean atRest(Throwable end) {
        return end instanceof TaskFault
                || end instanceof Parked
                || end instanceof Suspended
                || end instanceof FencedException;
    }

    /**
     * Takes out which tasks had begun and were left as they were when {@link #run} ended otherwise than with an output or a
     * fault, or was cancelled: their references, those of inner tasks first, 256 at most.
     */
    public List<String> left() {
        return left.take(Position.ROOT);
    }

    private Mono<JsonNode> interpret() {
        Arguments scope = Descriptors.root(workflow, facts);
        return workflow.secrets().isEmpty() ? interpret(scope) : interpretWithSecrets(scope);
    }

    private Mono<JsonNode> interpretWithSecrets(Arguments scope) {
        return evaluations
                .with(world.secrets().open(facts.organization(), workflow.secrets()))
                .flatMap(values -> interpret(withSecrets(scope, values)))
                .onErrorMap(TaskFault.class, fault -> fault.without(log.scrubber()));
    }

    /** Whoever asks for one that is not there is told so; what asks for none goes on without it. */
    private Arguments withSecrets(Arguments scope, Map<String, JsonNode> values) {
        log.scrubber().hide(values.values());
        return scope.withLazy("secrets", () -> {
            ObjectNode secrets = Json.object();
            workflow.secrets().stream().sorted().forEach(name -> {
                JsonNode value = values.get(name);
                if (value == null) {
                    throw new UnknownSecretException(name);
                }
                secrets.set(name, value);
            });
            return secrets;
        });
    }

    private Mono<JsonNode> interpret(Arguments scope) {
        return transform(() -> workflow.input().in(facts.input(), scope), facts.input(), "/input", facts.input())
                .map(input -> State.start(input, facts.startedAt()))
                .flatMap(start -> timed(Frame.root(scope), start)
                        .flatMap(frame -> tasks.sequence(workflow.tasks(), frame, start)))
                .flatMap(step -> output(step.state(), scope))
                .map(output -> log.scrubber().scrub(output));
    }

    private Mono<Frame> timed(Frame frame, State start) {
        DurationValue timeout = workflow.timeout();
        return timeout == null
                ? Mono.just(frame)
                : evaluations
                        .of(() -> timeout.resolve(start.data(), frame.scope()))
                        .map(limit -> frame.until(
                                new Deadline(log.since(start.clock()).plus(limit), Position.ROOT.path(), "/")))
                        .onErrorMap(
                                ExpressionException.class,
                                e -> new TaskFault(ErrorType.EXPRESSION.at("/timeout", e.detail()), start));
    }

    private Mono<JsonNode> output(State end, Arguments scope) {
        Arguments seen = scope.with("context", end.context());
        return transform(() -> workflow.output().out(end.data(), seen), end.data(), "/output", end.context());
    }

    private Mono<JsonNode> transform(
            Supplier<JsonNode> transformed, JsonNode value, String reference, JsonNode context) {
        State state = State.start(value, facts.startedAt()).withContext(context);
        return evaluations
                .of(transformed)
                .onErrorMap(
                        UnknownSecretException.class,
                        e -> new TaskFault(ErrorType.AUTHORIZATION.at(reference, e.getMessage()), state))
                .onErrorMap(
                        ExpressionException.class,
                        e -> new TaskFault(ErrorType.EXPRESSION.at(reference, e.detail()), state))
                .onErrorMap(
                        InvalidValueException.class,
                        e -> new TaskFault(ErrorType.VALIDATION.at(reference, e.getMessage()), state));
    }
}
