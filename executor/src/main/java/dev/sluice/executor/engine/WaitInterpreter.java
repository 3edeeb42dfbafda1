package dev.sluice.executor.engine;

import dev.sluice.executor.definition.RetryPolicy;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code wait} and the delays of {@code retry}: when they are due is in the journal from the moment they begin. */
final class WaitInterpreter {

    private final EffectLog log;
    private final Evaluations evaluations;
    private final Parking parking;
    private final Lifecycle lifecycle;
    private final Clock clock;

    WaitInterpreter(EffectLog log, Evaluations evaluations, Parking parking, Lifecycle lifecycle, Clock clock) {
        this.log = log;
        this.evaluations = evaluations;
        this.parking = parking;
        this.lifecycle = lifecycle;
        this.clock = clock;
    }

    /** Waits as long as the task says from when the wait first began. */
    Mono<State> run(Task.Wait task, Frame frame, State state) {
        Mono<JsonNode> wait = evaluations
                .of(() -> task.duration().resolve(state.data(), frame.scope()))
                .map(duration -> until(clock.instant().plus(duration), null));
        return log.once(EntryKind.WAITING, frame.at(), task.base(), wait)
                .doOnNext(entry -> lifecycle.waiting(entry))
                .flatMap(entry -> sleep(task.base(), frame, state, entry));
    }

    /** Waits before a try is attempted again. */
    Mono<State> delayRetry(Task.Try task, int attempt, Frame frame, State state, DslError error) {
        RetryPolicy policy = Objects.requireNonNull(task.handler().retry());
        Frame delay = frame.at(frame.at().delay(attempt));
        Mono<JsonNode> pause = evaluations
                .of(() -> Catching.delay(policy, attempt, state.data(), frame.scope()))
                .map(duration -> until(clock.instant().plus(duration), error));
        return log.once(EntryKind.RETRY, delay.at(), task.base(), pause)
                .doOnNext(entry -> lifecycle.retried(task.base(), entry.at(), entry.seq()))
                .flatMap(entry -> sleep(task.base(), delay, state, entry));
    }

    private Mono<State> sleep(TaskBase base, Frame frame, State state, Entry entry) {
        State after = state.passed(entry.at());
        Position expiry = frame.at().expiry();
        Optional<Entry> expired = log.find(expiry, base);
        if (expired.isPresent()) {
            return Mono.error(Outcome.fault(expired.get(), after));
        }
        Instant due = Instant.parse(entry.payload().path("until").asString());
        Deadline deadline = frame.deadline();
        if (deadline != null && deadline.due().isBefore(due)) {
            return parking.until(deadline.due())
                    .then(Mono.defer(() -> log.append(Outcome.expired(deadline), expiry, base)))
                    .flatMap(failed -> Mono.error(Outcome.fault(failed, after)));
        }
        return parking.until(due).thenReturn(after.at(due));
    }

    private static JsonNode until(Instant due, @Nullable DslError error) {
        ObjectNode payload = Json.object();
        payload.put("until", due.toString());
        if (error != null) {
            payload.set("error", error.toJson());
        }
        return payload;
    }
}
