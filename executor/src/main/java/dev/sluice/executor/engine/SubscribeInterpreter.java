package dev.sluice.executor.engine;

import dev.sluice.executor.definition.DurationValue;
import dev.sluice.executor.definition.EventLoop;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.Receipt;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * {@code call: asyncapi} with a {@code subscription}: which messages a run consumes, and in which order, are entries, and so is what
 * ended it. A run that subscribes stays in memory, where the connection is; one that is taken up again reads back what it has
 * consumed, and connects anew for the rest. What came in between is not there, unless the channel can go on after a message.
 */
final class SubscribeInterpreter {

    /** All that is consumed is in the output. */
    private static final int MOST_MESSAGES = 10_000;

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final Channels channels;
    private final Parking parking;
    private final IteratorInterpreter iterator;
    private final Loop loop;
    private final BooleanSupplier owner;
    private final EngineSettings settings;

    SubscribeInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            Channels channels,
            Parking parking,
            IteratorInterpreter iterator,
            Loop loop,
            BooleanSupplier owner,
            EngineSettings settings) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.channels = channels;
        this.parking = parking;
        this.iterator = iterator;
        this.loop = loop;
        this.owner = owner;
        this.settings = settings;
    }

    /** Consumes messages until there are enough; those of a {@code foreach} one after the other. */
    Mono<Step> run(TaskInterpreter tasks, Task.Subscribe task, Frame frame, State state) {
        return Mono.using(
                () -> new Inbox(lastId -> connect(task, frame, state, lastId)),
                inbox -> begin(new Subscribing(tasks, task, frame, inbox, null), state),
                Inbox::dispose);
    }

    private Mono<Step> begin(Subscribing subscribing, State state) {
        DurationValue time = subscribing.task().lifetime().time();
        if (time == null) {
            return consume(subscribing, state);
        }
        Mono<JsonNode> due = evaluations
                .of(() -> time.resolve(state.data(), subscribing.frame().scope()))
                .map(left -> Json.object()
                        .put("until", settings.clock().instant().plus(left).toString()));
        return log.once(EntryKind.WAITING, subscribing.frame().at().listening(), subscribing.base(), due)
                .flatMap(entry -> consume(
                        subscribing.until(
                                Instant.parse(entry.payload().path("until").asString())),
                        state.passed(entry.at())));
    }

    private Mono<Step> consume(Subscribing subscribing, State state) {
        return judge(subscribing, Consumed.nothing(state))
                .flatMap(start -> loop.until(Consumed::enough, start, consumed -> next(subscribing, consumed)))
                .map(consumed -> ended(subscribing.base(), consumed));
    }

    private static Step ended(TaskBase base, Consumed consumed) {
        FlowDirective then = consumed.then() instanceof FlowDirective.End ? FlowDirective.END : base.then();
        return new Step(consumed.state().withData(consumed.output()), then, consumed.seq());
    }

    private Mono<Consumed> next(Subscribing subscribing, Consumed consumed) {
        Optional<Entry> known = log.find(subscribing.message(consumed.count()), subscribing.base());
        if (known.isPresent()) {
            return process(subscribing, consumed, known.get());
        }
        Optional<Entry> end = log.find(subscribing.end(), subscribing.base());
        if (end.isPresent()) {
            return end(consumed, end.get());
        }
        if (consumed.count() >= MOST_MESSAGES) {
            return Mono.error(new TaskFault(tooMany(subscribing.base()), consumed.state()));
        }
        return log.begin(() -> receive(subscribing, consumed));
    }

    /** Waits for a message, or the end of the time there is. */
    private Mono<Consumed> receive(Subscribing subscribing, Consumed consumed) {
        Instant now = settings.clock().instant();
        Instant end = subscribing.earliest();
        if (end != null && !now.isBefore(end)) {
            return timeIsUp(subscribing, consumed);
        }
        Mono<Supplier<Mono<Consumed>>> message = subscribing
                .inbox()
                .next(consumed.lastId())
                .<Supplier<Mono<Consumed>>>map(next -> () -> take(subscribing, consumed, next))
                .onErrorResume(
                        CallFailure.class, failure -> Mono.just(() -> fail(subscribing, consumed, failure.error())));
        Mono<Supplier<Mono<Consumed>>> late = end == null
                ? Mono.never()
                : Mono.delay(Duration.between(now, end), settings.scheduler())
                        .map(tick -> () -> timeIsUp(subscribing, consumed));
        return parking.awaiting(Mono.firstWithSignal(message, late))
                .publishOn(settings.scheduler())
                .flatMap(Supplier::get);
    }

    private Mono<Consumed> take(Subscribing subscribing, Consumed consumed, Optional<Message> next) {
        if (next.isEmpty()) {
            return fail(subscribing, consumed, endedEarly(subscribing.base()));
        }
        JsonNode value = log.scrubber().scrub(next.get().value());
        String id = next.get().id();
        // One that has something secret in it is not kept: what comes after the one before may come once more.
        String kept =
                id == null || log.scrubber().scrub(Json.string(id)).asString().equals(id) ? id : null;
        return evaluations
                .of(() -> subscribing.takes(value, consumed)
                        ? Optional.of(new Receipt(value, kept, subscribing.isLast(value, consumed)))
                        : Optional.<Receipt>empty())
                .flatMap(receipt -> receipt.isEmpty()
                        ? Mono.just(consumed)
                        : log.append(
                                        EntryKind.COMPLETED,
                                        subscribing.message(consumed.count()),
                                        subscribing.base(),
                                        receipt.get().payload())
                                .flatMap(entry -> process(subscribing, consumed, entry)))
                .onErrorResume(
                        UnfitMessage.class,
                        unfit -> fail(
                                subscribing,
                                consumed,
                                ErrorType.EXPRESSION.at(subscribing.base().reference(), unfit.getMessage())));
    }

    private Mono<Consumed> process(Subscribing subscribing, Consumed before, Entry entry) {
        Receipt receipt = Receipt.of(entry.payload());
        State state = before.state().passed(entry.at());
        Consumed consumed = before.message(receipt, state, entry.seq());
        EventLoop foreach = subscribing.task().foreach();
        if (foreach == null) {
            return Mono.just(consumed.with(receipt.message(), state));
        }
        Position at = subscribing.message(before.count()).processing();
        return iterator.run(
                        subscribing.tasks(),
                        subscribing.base(),
                        foreach,
                        subscribing.frame().at(at),
                        before.output().size(),
                        state.withData(receipt.message()))
                .flatMap(step -> {
                    Consumed with = consumed.with(step.state().data(), step.state());
                    return step.then() instanceof FlowDirective.End
                            ? Mono.just(with.end(FlowDirective.END))
                            : judge(subscribing, with);
                });
    }

    private Mono<Consumed> judge(Subscribing subscribing, Consumed consumed) {
        return evaluations.of(() -> consumed.suffices(
                        subscribing.task().lifetime(), subscribing.frame().scope())
                ? consumed.end()
                : consumed);
    }

    private Mono<Consumed> timeIsUp(Subscribing subscribing, Consumed consumed) {
        Deadline deadline = subscribing.frame().deadline();
        Instant due = subscribing.due();
        Outcome outcome = deadline != null && (due == null || deadline.due().isBefore(due))
                ? Outcome.expired(deadline)
                : Outcome.completed(Json.object());
        return log.append(outcome, subscribing.end(), subscribing.base()).flatMap(entry -> end(consumed, entry));
    }

    private Mono<Consumed> fail(Subscribing subscribing, Consumed consumed, DslError error) {
        return log.append(Outcome.failed(error), subscribing.end(), subscribing.base())
                .flatMap(entry -> end(consumed, entry));
    }

    private static Mono<Consumed> end(Consumed consumed, Entry entry) {
        State after = consumed.state().passed(entry.at());
        return entry.kind() == EntryKind.COMPLETED
                ? Mono.just(consumed.over(after, entry.seq()))
                : Mono.error(Outcome.fault(entry, after));
    }

    private Flux<Message> connect(Task.Subscribe task, Frame frame, State state, @Nullable String lastId) {
        if (!owner.getAsBoolean()) {
            return Flux.error(new FencedException(
                    "the lease ran out before the subscription at " + frame.at().path()));
        }
        Invocation invocation = new Invocation(
                facts.organization(),
                state.data(),
                frame.scope(),
                evaluations,
                task.base().reference(),
                settings.keys().of(facts, frame.at()),
                facts.traceparent(),
                settings.callTimeout(),
                owner);
        return channels.messages(task.channel(), invocation, lastId);
    }

    private static DslError endedEarly(TaskBase base) {
        String detail = "The other side ended the subscription before enough was consumed.";
        return ErrorType.COMMUNICATION.at(base.reference(), 502, "Communication Error", detail);
    }

    private static DslError tooMany(TaskBase base) {
        String detail = "This subscription has consumed " + MOST_MESSAGES
                + " messages, the most that one output may hold: end it before and subscribe again.";
        return ErrorType.RUNTIME.at(base.reference(), detail);
    }

    /** Not an error of the run: an expression cannot judge a message of which there is no entry, so that an entry must say so. */
    private static final class UnfitMessage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnfitMessage(ExpressionException cause) {
            super(cause.detail(), cause, false, false);
        }
    }

    /**
     * One subscription that a run has come to.
     *
     * @param due when its time is up, null for never
     */
    private record Subscribing(
            TaskInterpreter tasks,
            Task.Subscribe task,
            Frame frame,
            Inbox inbox,
            @Nullable Instant due) {

        TaskBase base() {
            return task.base();
        }

        Position message(int number) {
            return frame.at().event(number);
        }

        Position end() {
            return frame.at().expiry();
        }

        Subscribing until(Instant instant) {
            return new Subscribing(tasks, task, frame, inbox, instant);
        }

        @Nullable
        Instant earliest() {
            Deadline deadline = frame.deadline();
            if (deadline == null) {
                return due;
            }
            return due == null || deadline.due().isBefore(due) ? deadline.due() : due;
        }

        boolean takes(JsonNode value, Consumed consumed) {
            Expression filter = task.filter();
            try {
                return filter == null
                        || filter.test(
                                value,
                                frame.scope().with("context", consumed.state().context()));
            } catch (ExpressionException e) {
                throw new UnfitMessage(e);
            }
        }

        /** Whether nothing comes after a message, as far as that is known before its tasks are done. */
        boolean isLast(JsonNode value, Consumed consumed) {
            if (task.foreach() != null) {
                return false;
            }
            Consumed after = consumed.message(new Receipt(value, null, false), consumed.state(), 0)
                    .with(value, consumed.state());
            try {
                return after.suffices(task.lifetime(), frame.scope());
            } catch (ExpressionException e) {
                throw new UnfitMessage(e);
            }
        }
    }
}
