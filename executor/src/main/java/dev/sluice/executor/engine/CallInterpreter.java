package dev.sluice.executor.engine;

import dev.sluice.executor.definition.OnUnknown;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * {@code call}: an outcome is in the journal before anyone uses it, and a call whose outcome is in the journal is not
 * made again. One whose outcome nobody knows is repeated with the same key, or not at all when the task says so; such a
 * task costs a second entry, written before the call.
 */
final class CallInterpreter {

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final CallsUnderWay underWay;
    private final Caller caller;
    private final BooleanSupplier owner;
    private final EngineSettings settings;

    CallInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            CallsUnderWay underWay,
            Caller caller,
            BooleanSupplier owner,
            EngineSettings settings) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.underWay = underWay;
        this.caller = caller;
        this.owner = owner;
        this.settings = settings;
    }

    /** Calls, or reads back how the call ended. */
    Mono<Step> run(Task.MakeCall task, Frame frame, State state) {
        return log.find(frame.at(), task.base())
                .map(Mono::just)
                .orElseGet(() -> log.beginLong(() -> begin(task, frame, state)))
                .map(entry -> step(entry, task.base(), frame.at(), state));
    }

    private Mono<Entry> begin(Task.MakeCall task, Frame frame, State state) {
        boolean retried = task.onUnknown() == OnUnknown.RETRY;
        Position begun = frame.at().begun();
        if (!retried && (log.find(begun, task.base()).isPresent() || mayHaveBeenMade(frame.at(), state))) {
            underWay.unknown(frame.at(), log.key(frame.at(), state.unresolved()));
            return log.append(interrupted(task.base()), frame.at(), task.base());
        }
        // What it is made with is known before anything says that it may have been made.
        return caller.prepare(task.call(), invocation(task, frame, state))
                .<Supplier<Mono<Entry>>>map(call -> () -> retried
                        ? attempt(task, call, frame, state)
                        : log.append(EntryKind.BEGUN, begun, task.base(), Json.object())
                                .flatMap(entry -> attempt(task, call, frame, state)))
                .onErrorResume(
                        CallFailure.class,
                        failure ->
                                Mono.just(() -> log.append(Outcome.failed(failure.error()), frame.at(), task.base())))
                .flatMap(Supplier::get);
    }

    /** Unless somebody asks for it all the same. */
    private boolean mayHaveBeenMade(Position at, State state) {
        return state.unresolved().has(at) && !log.reopened(at);
    }

    private Mono<Entry> attempt(Task.MakeCall task, Caller.Prepared call, Frame frame, State state) {
        if (!owner.getAsBoolean()) {
            return Mono.error(new FencedException(
                    "the lease ran out before the call at " + frame.at().path()));
        }
        underWay.unknown(frame.at(), log.key(frame.at(), state.unresolved()));
        return limited(call.make().map(Outcome::completed), frame.deadline(), task.onUnknown())
                .onErrorResume(CallFailure.class, failure -> Mono.just(failed(failure, task.onUnknown())))
                .publishOn(settings.scheduler())
                .flatMap(outcome -> log.append(outcome, frame.at(), task.base()));
    }

    private Invocation invocation(Task.MakeCall task, Frame frame, State state) {
        return new Invocation(
                facts.organization(),
                state.data(),
                frame.scope(),
                evaluations,
                task.base().reference(),
                settings.keys().of(facts, log.key(frame.at(), state.unresolved())),
                facts.traceparent(),
                settings.callTimeout(),
                owner);
    }

    private Mono<Outcome> limited(Mono<Outcome> call, @Nullable Deadline deadline, OnUnknown policy) {
        if (deadline == null) {
            return call;
        }
        Duration left = Duration.between(settings.clock().instant(), deadline.due());
        return left.isPositive()
                ? call.timeout(
                        left, Mono.fromSupplier(() -> Outcome.expired(deadline).unknown(policy)), settings.scheduler())
                : Mono.just(Outcome.expired(deadline));
    }

    private static Outcome failed(CallFailure failure, OnUnknown policy) {
        Outcome outcome = Outcome.failed(failure.error());
        return failure.unknown() ? outcome.unknown(policy) : outcome;
    }

    private static Outcome interrupted(TaskBase base) {
        String detail = "The executor stopped while the call was under way; whether it was made is not known.";
        return Outcome.failed(ErrorType.COMMUNICATION.at(base.reference(), detail))
                .unknown(OnUnknown.FAIL);
    }

    private Step step(Entry entry, TaskBase base, Position at, State state) {
        State after = state.passed(entry.at());
        Position key = log.key(at, state.unresolved());
        if (Outcome.isUnknown(entry)) {
            underWay.unknown(at, key);
        } else {
            underWay.known(at);
        }
        if (entry.kind() == EntryKind.COMPLETED) {
            State known = after.unresolved(state.unresolved().without(at));
            return new Step(known.withData(entry.payload()), base.then(), entry.seq());
        }
        Unresolved unresolved = Outcome.isUnknown(entry)
                ? state.unresolved().with(at, key)
                : state.unresolved().without(at);
        throw Outcome.fault(entry, after.unresolved(unresolved));
    }
}
