package dev.sluice.executor.run;

import dev.sluice.executor.correlation.Correlations;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.Channels;
import dev.sluice.executor.engine.Documents;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Interpreter;
import dev.sluice.executor.engine.Parked;
import dev.sluice.executor.engine.RunFacts;
import dev.sluice.executor.engine.Search;
import dev.sluice.executor.engine.SecretReader;
import dev.sluice.executor.engine.Streamer;
import dev.sluice.executor.engine.Suspended;
import dev.sluice.executor.engine.TaskFault;
import dev.sluice.executor.engine.World;
import dev.sluice.executor.journal.Closing;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.JournalFullException;
import dev.sluice.executor.journal.JournalMismatchException;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** Takes a run this node owns as far as it goes: to its end, to a long wait, or to where it is not this node's any more. */
final class RunExecution {

    private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);

    /** Bytes of entries that are written with an end. */
    private static final long MOST_TOGETHER = 1L << 18;

    private final Workflows workflows;
    private final Interludes interludes;
    private final Journals journals;
    private final ClaimStore claims;
    private final RunEndings endings;
    private final RunHub hub;
    private final Caller caller;
    private final Streamer streamer;
    private final Documents documents;
    private final Channels channels;
    private final SecretReader secrets;
    private final Correlations correlations;
    private final ChildStore children;
    private final Telling telling;
    private final EngineSettings engine;

    RunExecution(
            Workflows workflows,
            Journals journals,
            ClaimStore claims,
            RunEndings endings,
            RunHub hub,
            Caller caller,
            Streamer streamer,
            Documents documents,
            Channels channels,
            SecretReader secrets,
            Correlations correlations,
            ChildStore children,
            Telling telling,
            EngineSettings engine) {
        this.workflows = workflows;
        this.interludes = new Interludes(journals, claims, hub, telling);
        this.journals = journals;
        this.claims = claims;
        this.endings = endings;
        this.hub = hub;
        this.caller = caller;
        this.streamer = streamer;
        this.documents = documents;
        this.channels = channels;
        this.secrets = secrets;
        this.correlations = correlations;
        this.children = children;
        this.telling = telling;
        this.engine = engine;
    }

    /**
     * Completes when the run has ended, is parked or suspended, or has been given back. Cancelling the subscription drops the run as it
     * stands, for its next owner.
     *
     * @param owner whether this node may still act for the run
     */
    Mono<Void> run(ClaimedRun run, Signals signals, BooleanSupplier owner) {
        return interludes
                .open(run, owner)
                .flatMap(journal -> execute(run, journal, signals, owner))
                .onErrorResume(error -> giveUp(run, error));
    }

    private Mono<Void> execute(ClaimedRun run, RunJournal journal, Signals signals, BooleanSupplier owner) {
        return workflows
                .compiled(run.definitionId())
                .onErrorMap(error -> !retryable(error), Unreadable::new)
                .flatMap(workflow -> takeUp(run, workflow, journal, signals, owner))
                .onErrorResume(Unreadable.class, error -> unreadable(run, journal, error, owner));
    }

    /** For an operator, unless the run shall end anyway. */
    private Mono<Void> unreadable(ClaimedRun run, RunJournal journal, Unreadable error, BooleanSupplier owner) {
        LOG.error("The workflow of run {} cannot be read", run.id(), error.getCause());
        return run.cancelRequested()
                ? endings.end(run, end(RunStatus.CANCELLED, null, null, null, journal), null, Closing.NONE, owner)
                : interludes.suspend(
                        run,
                        journal,
                        null,
                        List.of(),
                        Suspension.UNREADABLE_DEFINITION,
                        "This version of Sluice cannot read the run's workflow document.");
    }

    private Mono<Void> takeUp(
            ClaimedRun run, Workflow workflow, RunJournal journal, Signals signals, BooleanSupplier owner) {
        RunAudience audience = telling.audience(run, workflow);
        RunEvents events = audience.events();
        return interludes
                .takeUp(run, journal, audience, owner)
                .flatMap(open -> run.suspendRequested() && !run.cancelRequested()
                        ? underWay(run, workflow)
                                .flatMap(
                                        left -> interludes.suspend(run, open, events, left, Suspension.REQUESTED, null))
                        : begin(run, workflow, audience, open, signals, owner));
    }

    /** The tasks of a run that is not in memory. Whoever cannot be told of them is told of the run all the same. */
    private Mono<List<String>> underWay(ClaimedRun run, Workflow workflow) {
        return journals.unfolded(run.id(), Set.of())
                .collectList()
                .flatMap(entries ->
                        entries.isEmpty() ? Mono.empty() : Search.underWay(workflow, facts(run), entries, engine))
                .onErrorResume(JournalMismatchException.class, mismatch -> Mono.empty())
                .defaultIfEmpty(List.of());
    }

    private Mono<Void> begin(
            ClaimedRun run,
            Workflow workflow,
            RunAudience audience,
            RunJournal journal,
            Signals signals,
            BooleanSupplier owner) {
        boolean asked = run.cancelRequested() && (hub.isWatched(run.id()) || audience.present());
        return telling.started(run, audience.events())
                .then(asked ? underWay(run, workflow) : Mono.just(List.of()))
                .flatMap(tasks -> interpret(run, workflow, audience, journal, tasks, signals, owner));
    }

    private static RunFacts facts(ClaimedRun run) {
        return new RunFacts(
                run.organization(),
                run.id(),
                run.generation(),
                run.startedAt(),
                run.input(),
                run.traceparent(),
                run.depth());
    }

    private Mono<Void> interpret(
            ClaimedRun run,
            Workflow workflow,
            RunAudience audience,
            RunJournal journal,
            List<String> left,
            Signals signals,
            BooleanSupplier owner) {
        RunEvents events = audience.events();
        LiveEvents live = new LiveEvents(run.id(), journal, audience, hub);
        World world = new World(
                caller,
                streamer,
                documents,
                channels,
                correlations.of(run.owned(), signals.bell()),
                children.of(run, signals.bell()),
                signals.bell(),
                secrets);
        Interpreter interpreter = new Interpreter(workflow, facts(run), journal, world, live, owner, engine);
        live.begun(run.startedAt());
        Mono<JsonNode> output = run.cancelRequested()
                ? Mono.empty()
                : interpreter.run(signals.suspend()).takeUntilOther(signals.cancel());
        return output.map(value -> end(RunStatus.COMPLETED, value, null, null, journal))
                .switchIfEmpty(Mono.fromSupplier(() -> end(RunStatus.CANCELLED, null, null, null, journal)))
                .onErrorResume(TaskFault.class, fault -> Mono.just(faulted(fault, journal)))
                .flatMap(end -> end(
                        run,
                        end,
                        end.status() == RunStatus.CANCELLED && left.isEmpty() ? interpreter.left() : left,
                        audience,
                        journal,
                        live,
                        owner))
                .onErrorResume(Parked.class, parked -> journal.flush().then(claims.park(run, parked.until())))
                .onErrorResume(
                        Suspended.class,
                        halted -> journal.flush()
                                .doOnSuccess(done -> live.release())
                                .then(Mono.defer(() -> interludes.suspend(
                                        run, journal, events, interpreter.left(), Suspension.REQUESTED, null))))
                .onErrorResume(JournalMismatchException.class, mismatch -> stop(run, journal, events, mismatch))
                .onErrorResume(JournalFullException.class, full -> tooLarge(run, audience, journal, full, owner))
                .onErrorResume(RunExecution::defect, error -> broken(run, audience, journal, error, owner));
    }

    /**
     * Together with what the journal holds back for it, unless that is large: then it goes the way of all entries.
     *
     * @param left references of the tasks that end with a run that was cancelled
     */
    private Mono<Void> end(
            ClaimedRun run,
            RunEnd end,
            List<String> left,
            RunAudience audience,
            RunJournal journal,
            LiveEvents live,
            BooleanSupplier owner) {
        RunEvents events = audience.events();
        List<RunEvent> cancelled =
                end.status() == RunStatus.CANCELLED && !left.isEmpty() ? events.tasksCancelled(left, end) : List.of();
        Closing closing = journal.closing().telling(last(audience, cancelled, end));
        Emission told = telling.ended(run, events, end);
        Mono<Void> ended = closing.bytes() <= MOST_TOGETHER
                ? endings.end(run, end, told, closing, owner)
                : journal.flush().then(Mono.defer(() -> endings.end(run, end, told, closing.withoutEntries(), owner)));
        return ended.doOnSuccess(done -> {
            live.release();
            hub.publishAll(run.id(), () -> cancelled);
            hub.end(run.id(), end, events);
        });
    }

    /** What those who listen are told with the end: whoever ended the run tells of that itself. */
    private static List<Emission> last(RunAudience audience, List<RunEvent> cancelled, RunEnd end) {
        if (!audience.present()) {
            return List.of();
        }
        List<RunEvent> last = new ArrayList<>(cancelled);
        last.add(audience.events().endedWithoutOutput(end));
        return audience.of(last);
    }

    private RunEnd faulted(TaskFault fault, RunJournal journal) {
        return end(RunStatus.FAULTED, null, fault.error().toJson(), fault.origin(), journal);
    }

    private RunEnd end(
            RunStatus status,
            @Nullable JsonNode output,
            @Nullable JsonNode error,
            @Nullable String origin,
            RunJournal journal) {
        Instant now = engine.clock().instant().truncatedTo(ChronoUnit.MICROS);
        return new RunEnd(status, output, error, origin, journal.lastSeq() + 1, now);
    }

    private Mono<Void> stop(ClaimedRun run, RunJournal journal, RunEvents events, JournalMismatchException mismatch) {
        LOG.error("Run {} is suspended: its journal belongs to another document: {}", run.id(), mismatch.getMessage());
        return interludes.suspend(run, journal, events, List.of(), Suspension.JOURNAL_MISMATCH, mismatch.getMessage());
    }

    /** A defect of Sluice ends the run rather than being repeated for ever. */
    private Mono<Void> broken(
            ClaimedRun run, RunAudience audience, RunJournal journal, Throwable error, BooleanSupplier owner) {
        LOG.error("Run {} met a defect", run.id(), error);
        JsonNode shown = ErrorType.RUNTIME
                .at("/", "Sluice met an error of its own while running this workflow.")
                .toJson();
        return stopped(run, end(RunStatus.FAULTED, null, shown, null, journal), audience, journal, owner);
    }

    /** No handler of the workflow may catch it: whatever went on would have to be journaled too. */
    private Mono<Void> tooLarge(
            ClaimedRun run,
            RunAudience audience,
            RunJournal journal,
            JournalFullException full,
            BooleanSupplier owner) {
        JsonNode error = ErrorType.RUNTIME.at("/", full.getMessage()).toJson();
        return stopped(run, end(RunStatus.FAULTED, null, error, null, journal), audience, journal, owner);
    }

    private Mono<Void> stopped(
            ClaimedRun run, RunEnd end, RunAudience audience, RunJournal journal, BooleanSupplier owner) {
        Closing closing = journal.closing().withoutEntries().telling(last(audience, List.of(), end));
        return endings.end(run, end, telling.ended(run, audience.events(), end), closing, owner)
                .doOnSuccess(done -> hub.end(run.id(), end, audience.events()));
    }

    private static boolean defect(Throwable error) {
        return !(error instanceof FencedException) && !(error instanceof SluiceException);
    }

    /** Tried until the database is there to hear it; nothing changes when the run is not this node's any more. */
    private Mono<Void> giveUp(ClaimedRun run, Throwable error) {
        if (error instanceof FencedException) {
            LOG.info("Run {} went to another node or has ended: {}", run.id(), error.getMessage());
        } else {
            LOG.warn("Run {} is given back: {}", run.id(), error.toString());
        }
        // What the database or another node is to blame for is not held against the run.
        boolean counts = !(error instanceof FencedException) && !retryable(error);
        return claims.giveBack(run, counts)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                        .maxBackoff(LAST_BACKOFF)
                        .filter(RunExecution::retryable));
    }

    private static boolean retryable(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }

    /** A definition that another version of Sluice took and this one cannot read. */
    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreadable(Throwable cause) {
            super(cause);
        }
    }
}
