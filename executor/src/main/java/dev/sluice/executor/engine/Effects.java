package dev.sluice.executor.engine;

import dev.sluice.executor.definition.RetryPolicy;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that reaches beyond the run: calls and the passing of time. An outcome is in the journal before anyone uses
 * it, and what is in the journal is not done again.
 */
final class Effects {

    private final RunFacts facts;
    private final RunJournal journal;
    private final HttpCaller caller;
    private final Lifecycle lifecycle;
    private final BooleanSupplier owner;
    private final EngineSettings settings;

    Effects(
            RunFacts facts,
            RunJournal journal,
            HttpCaller caller,
            Lifecycle lifecycle,
            BooleanSupplier owner,
            EngineSettings settings) {
        this.facts = facts;
        this.journal = journal;
        this.caller = caller;
        this.lifecycle = lifecycle;
        this.owner = owner;
        this.settings = settings;
    }

    /** Calls, or reads back how the call ended. */
    Mono<Step> call(Task.CallHttp task, Frame frame, State state) {
        TaskBase base = task.base();
        return find(frame.at(), base)
                .map(Mono::just)
                .orElseGet(() -> attempt(task, frame, state))
                .map(entry -> outcome(entry, base, state));
    }

    /** Waits as long as the task says from when the wait first began. */
    Mono<State> pause(Task.Wait task, Frame frame, State state) {
        return waiting(task.base(), EntryKind.WAITING, frame.at(), () -> {
                    Duration duration = task.duration().resolve(state.data(), frame.scope());
                    return until(settings.clock().instant().plus(duration), null);
                })
                .doOnNext(entry -> lifecycle.waiting(task.base(), entry.at(), entry.seq()))
                .flatMap(entry -> sleep(task.base(), frame, state, entry));
    }

    /** Waits before a try is attempted again. */
    Mono<State> delayRetry(Task.Try task, int attempt, Frame frame, State state, DslError error) {
        RetryPolicy policy = Objects.requireNonNull(task.handler().retry());
        Frame delay = frame.at(frame.at().delay(attempt));
        return waiting(task.base(), EntryKind.RETRY, delay.at(), () -> {
                    Duration duration = Catching.delay(policy, attempt, state.data(), frame.scope());
                    return until(settings.clock().instant().plus(duration), error);
                })
                .doOnNext(entry -> lifecycle.retried(task.base(), entry.at(), entry.seq()))
                .flatMap(entry -> sleep(task.base(), delay, state, entry));
    }

    private Mono<Entry> attempt(Task.CallHttp task, Frame frame, State state) {
        TaskBase base = task.base();
        Deadline deadline = frame.deadline();
        if (!owner.getAsBoolean()) {
            return Mono.error(new FencedException(
                    "the lease ran out before the call at " + frame.at().path()));
        }
        return limited(request(task, frame, state), deadline)
                .map(output -> new Outcome(EntryKind.COMPLETED, output))
                .onErrorResume(CallFailure.class, failure -> Mono.just(Outcome.failed(failure.error(), null)))
                .onErrorResume(Expired.class, expired -> Mono.just(Outcome.expired(expired.deadline())))
                .publishOn(settings.scheduler())
                .flatMap(outcome -> append(outcome.kind(), frame.at(), base, outcome.payload()));
    }

    private Mono<JsonNode> request(Task.CallHttp task, Frame frame, State state) {
        String key = settings.keys().of(facts, frame.at());
        return caller.call(
                task.call(), state.data(), frame.scope(), task.base().reference(), key, settings.callTimeout());
    }

    private Mono<JsonNode> limited(Mono<JsonNode> effect, @Nullable Deadline deadline) {
        if (deadline == null) {
            return effect;
        }
        Duration left = Duration.between(settings.clock().instant(), deadline.due());
        Mono<JsonNode> expired = Mono.error(() -> new Expired(deadline));
        return left.isPositive() ? effect.timeout(left, expired, settings.scheduler()) : expired;
    }

    private Step outcome(Entry entry, TaskBase base, State state) {
        State after = state.passed(entry.at());
        if (entry.kind() == EntryKind.COMPLETED) {
            return new Step(after.withData(entry.payload()), base.then(), entry.seq());
        }
        lifecycle.faulted(base, entry.at(), entry.payload().path("error"), entry.seq());
        throw fault(entry, after);
    }

    private Mono<State> sleep(TaskBase base, Frame frame, State state, Entry entry) {
        State after = state.passed(entry.at());
        Position expiry = new Position(frame.at().path() + "/x");
        Optional<Entry> expired = find(expiry, base);
        if (expired.isPresent()) {
            return Mono.error(fault(expired.get(), after));
        }
        Instant due = Instant.parse(entry.payload().path("until").asString());
        Deadline deadline = frame.deadline();
        if (deadline != null && deadline.due().isBefore(due)) {
            return passTime(deadline.due())
                    .then(Mono.defer(() -> append(
                            EntryKind.FAILED,
                            expiry,
                            base,
                            Outcome.expired(deadline).payload())))
                    .flatMap(failed -> Mono.error(fault(failed, after)));
        }
        return passTime(due).thenReturn(after.at(due));
    }

    private Mono<Void> passTime(Instant due) {
        Duration left = Duration.between(settings.clock().instant(), due);
        if (left.compareTo(settings.parkAfter()) > 0) {
            return Mono.error(new Parked(due));
        }
        return left.isPositive() ? Mono.delay(left, settings.scheduler()).then() : Mono.empty();
    }

    private Mono<Entry> waiting(TaskBase base, EntryKind kind, Position at, Supplier<JsonNode> payload) {
        return find(at, base).map(Mono::just).orElseGet(() -> append(kind, at, base, payload.get()));
    }

    private Mono<Entry> append(EntryKind kind, Position at, TaskBase base, JsonNode payload) {
        return journal.append(kind, at.path(), base.type(), base.placeHash(), payload)
                .publishOn(settings.scheduler());
    }

    private Optional<Entry> find(Position at, TaskBase base) {
        return journal.find(at.path(), base.type(), base.placeHash());
    }

    private static TaskFault fault(Entry entry, State after) {
        JsonNode expired = entry.payload().path("expired");
        return new TaskFault(
                DslError.fromJson(entry.payload().path("error")),
                after,
                expired.isString() ? expired.asString() : null);
    }

    private static JsonNode until(Instant due, @Nullable DslError error) {
        ObjectNode payload = Json.object();
        payload.put("until", due.toString());
        if (error != null) {
            payload.set("error", error.toJson());
        }
        return payload;
    }

    /** How an effect ended, as it goes into the journal. */
    private record Outcome(EntryKind kind, JsonNode payload) {

        static Outcome failed(DslError error, @Nullable String expiredPath) {
            ObjectNode payload = Json.object();
            payload.set("error", error.toJson());
            if (expiredPath != null) {
                payload.put("expired", expiredPath);
            }
            return new Outcome(EntryKind.FAILED, payload);
        }

        static Outcome expired(Deadline deadline) {
            return failed(deadline.error(), deadline.path());
        }
    }

    /** Time was up before the effect ended. */
    private static final class Expired extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Deadline deadline;

        Expired(Deadline deadline) {
            super("deadline", null, false, false);
            this.deadline = deadline;
        }

        Deadline deadline() {
            return deadline;
        }
    }
}
