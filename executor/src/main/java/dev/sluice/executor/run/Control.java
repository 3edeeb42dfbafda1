package dev.sluice.executor.run;

import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.RunFacts;
import dev.sluice.executor.engine.Search;
import dev.sluice.executor.journal.JournalMismatchException;
import dev.sluice.executor.journal.Journals;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What operators do with runs: have them rest and go on, and go on after they ended. Asked for twice at once, an ended run
 * goes on once and the other caller is told of a conflict. Thread-safe.
 */
final class Control {

    /** Searches at once; each has a run's journal in memory. */
    private static final int MAX_SEARCHES = 4;

    private static final Duration SEARCH_LIMIT = Duration.ofSeconds(10);

    private final ControlStore store;
    private final RunStore runs;
    private final Workflows workflows;
    private final Journals journals;
    private final RunPool pool;
    private final EngineSettings engine;
    private final Semaphore searches = new Semaphore(MAX_SEARCHES);

    Control(
            ControlStore store,
            RunStore runs,
            Workflows workflows,
            Journals journals,
            RunPool pool,
            EngineSettings engine) {
        this.store = store;
        this.runs = runs;
        this.workflows = workflows;
        this.journals = journals;
        this.pool = pool;
        this.engine = engine;
    }

    /**
     * Asks for a run's rest, which its owner sees within a second; what is under way ends first. The run as it is then; {@link
     * ProblemType#CONFLICT} when it has ended. Whoever asked for its end prevails.
     */
    Mono<RunView> suspend(OrganizationId organization, UUID id) {
        return store.requestSuspend(organization, id)
                .filter(live -> live)
                .doOnNext(live -> pool.suspend(id))
                .then(find(organization, id))
                .doOnNext(run -> demand(!run.status().ended(), run, "Only a run that has not ended can be suspended"));
    }

    /** Has a run that rests go on, or one that shall rest not do so; {@link ProblemType#CONFLICT} when it is neither. */
    Mono<RunView> resume(OrganizationId organization, UUID id) {
        return store.resume(organization, id)
                .flatMap(resumed -> find(organization, id)
                        .doOnNext(run ->
                                demand(resumed, run, "Only a run that is suspended, or shall be, can be resumed")));
    }

    /** Has a faulted run go on from what failed; {@link ProblemType#CONFLICT} when it has not faulted, or goes on already. */
    Mono<RunView> retry(OrganizationId organization, UUID id) {
        return store.retry(organization, id)
                .flatMap(retried -> find(organization, id).doOnNext(run -> demandRetried(retried, run)));
    }

    /** Has the oldest faulted runs go on that a filter finds. */
    Mono<ControlStore.Retried> retry(OrganizationId organization, RetryFilter filter) {
        return store.retry(organization, filter);
    }

    /**
     * Has an ended run go on from a task on, as a new generation; {@link ProblemType#CONFLICT} when it has not ended or never
     * came to the task.
     *
     * @param from reference of the task, absent for the beginning
     */
    Mono<RunView> rerun(OrganizationId organization, UUID id, @Nullable String from) {
        return stored(organization, id)
                .doOnNext(run -> demand(run.end() != null, run.view(), "Only a run that has ended can be run again"))
                .flatMap(run -> firstVisit(organization, run, from)
                        .flatMap(path -> store.rerun(organization, id, Objects.requireNonNull(run.end()), path)))
                .flatMap(rerun -> find(organization, id)
                        .doOnNext(run -> demand(rerun, run, "The run was changed by somebody else meanwhile")));
    }

    private Mono<String> firstVisit(OrganizationId organization, RunStore.Stored run, @Nullable String from) {
        return from == null
                ? Mono.just("")
                : Mono.using(this::searching, permit -> search(organization, run, from), permit -> searches.release())
                        .switchIfEmpty(
                                Mono.error(
                                        () -> conflict(
                                                "The run never came to the task '" + from
                                                        + "', or its journal does not hold the way there any more; rerun it from the beginning.")));
    }

    private Mono<String> search(OrganizationId organization, RunStore.Stored run, String from) {
        RunView view = run.view();
        return workflows
                .compiled(run.definitionId())
                .flatMap(workflow -> {
                    RerunPoint point = RerunPoint.of(workflow, from);
                    return journals.unfolded(view.id(), point.around())
                            .collectList()
                            .flatMap(entries -> Search.firstVisit(
                                    workflow, facts(organization, view), entries, point.task(), ended(view), engine));
                })
                .timeout(SEARCH_LIMIT)
                .onErrorMap(JournalMismatchException.class, e -> conflict("The run's journal is of another document."))
                .onErrorMap(TimeoutException.class, Control::busy);
    }

    private boolean searching() {
        if (!searches.tryAcquire()) {
            throw busy(null);
        }
        return true;
    }

    private static SluiceException busy(@Nullable Throwable cause) {
        return SluiceException.unavailable(
                "Finding the task in the run's journal took too long.", Duration.ofSeconds(5), cause);
    }

    private static RunFacts facts(OrganizationId organization, RunView view) {
        Instant started = view.startedAt() == null ? view.createdAt() : view.startedAt();
        return new RunFacts(
                organization, view.id(), 0, started, view.input() == null ? Json.object() : view.input(), null, 0);
    }

    private static Instant ended(RunView view) {
        return Objects.requireNonNull(view.finishedAt());
    }

    private static void demandRetried(boolean retried, RunView run) {
        demand(
                retried,
                run,
                run.status() == RunStatus.FAULTED
                        ? "The run's journal is not kept any more"
                        : "Only a run that faulted can be retried");
    }

    private static void demand(boolean fulfilled, RunView run, String problem) {
        if (!fulfilled) {
            throw conflict(problem + "; it is " + run.status().text() + ".");
        }
    }

    private static SluiceException conflict(String detail) {
        return new SluiceException(ProblemType.CONFLICT, detail);
    }

    private Mono<RunView> find(OrganizationId organization, UUID id) {
        return stored(organization, id).map(RunStore.Stored::view);
    }

    private Mono<RunStore.Stored> stored(OrganizationId organization, UUID id) {
        return runs.find(organization, id).switchIfEmpty(Mono.error(() -> SluiceException.notFound("Run " + id)));
    }
}
