package dev.sluice.executor.run;

import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What callers do with runs: start, look at, follow and cancel them. Thread-safe. */
final class Runs {

    private final Workflows workflows;
    private final Journals journals;
    private final RunStore store;
    private final GroupCommit<RequestedRun, Creation> creations;
    private final RunPool pool;
    private final RunHub hub;
    private final NodeLease lease;
    private final Clock clock;
    private final Runnable waiting;

    /** What is done with runs here; {@code waiting} is told after one was created for which only a permit was missing. */
    Runs(
            Workflows workflows,
            Journals journals,
            RunStore store,
            GroupCommit<RequestedRun, Creation> creations,
            RunPool pool,
            RunHub hub,
            NodeLease lease,
            Clock clock,
            Runnable waiting) {
        this.workflows = workflows;
        this.journals = journals;
        this.store = store;
        this.creations = creations;
        this.pool = pool;
        this.hub = hub;
        this.lease = lease;
        this.clock = clock;
        this.waiting = waiting;
    }

    /**
     * What a caller wants started.
     *
     * @param id  of the run, unless the idempotency key has started one before
     * @param key the caller's idempotency key
     * @param priority urgency among the organization's runs, absent for what the workflow says
     */
    @SuppressWarnings("ArrayRecordComponent") // a body may have megabytes; starts are never compared
    record Start(
            UUID id,
            OrganizationId organization,
            String namespace,
            String name,
            byte[] body,
            @Nullable String key,
            @Nullable Integer priority,
            @Nullable String traceparent) {

        JsonNode input() {
            return body.length == 0 ? Json.object() : Json.read(body);
        }
    }

    /** A run that is durably there, and whether this request made it. */
    record Started(UUID id, boolean created) {}

    /** Creates a run and, when this node has room, begins it; completes after the commit. */
    Mono<Started> start(Start start) {
        return create(start).map(created -> started(start, created.what()));
    }

    /**
     * A run that is durably there, as it is.
     *
     * @param created whether this request made it
     */
    record Shown(RunView run, boolean created) {}

    /** The same, and the run: as it was created, without asking the database once more, or the one that was there before. */
    Mono<Shown> startAndShow(Start start) {
        return create(start)
                .flatMap(created -> created.what() instanceof Creation.Created fresh
                        ? view(created.run(), fresh).map(run -> new Shown(run, true))
                        : find(
                                        start.organization(),
                                        started(start, created.what()).id())
                                .map(run -> new Shown(run, false)));
    }

    private Mono<RunView> view(RequestedRun run, Creation.Created created) {
        return workflows
                .compiled(created.definitionId())
                .map(workflow -> run.view(workflow.name(), created))
                // It is there, whatever this node makes of its document.
                .onErrorResume(error -> find(run.organization(), run.id()));
    }

    /** One run; {@link ProblemType#NOT_FOUND} when the organization has none of that id. */
    Mono<RunView> find(OrganizationId organization, UUID id) {
        return stored(organization, id).map(RunStore.Stored::view);
    }

    /** A page of runs, newest first. */
    Flux<RunView> list(OrganizationId organization, RunQuery query) {
        return store.list(organization, query);
    }

    /** Asks for a run's end, which its owner sees within a second; the run as it is then. One that has ended stays as it is. */
    Mono<RunView> cancel(OrganizationId organization, UUID id) {
        return store.requestCancel(organization, id)
                .filter(live -> live)
                .doOnNext(live -> pool.cancel(id))
                .then(find(organization, id));
    }

    /**
     * The events of a run after a position, stored and live, up to its last. Cancelling stops watching and nothing else.
     *
     * @param after last position the caller has seen, -1 for none
     */
    Flux<RunEvent> events(OrganizationId organization, UUID id, int after) {
        return Flux.using(
                () -> hub.watch(id), watcher -> follow(organization, id, after, watcher), RunHub.Watcher::close);
    }

    /**
     * A run that is durably there, and what happens in it.
     *
     * @param events to be subscribed to once; they end with the run's last
     */
    record Followed(Started started, Flux<RunEvent> events) {}

    /**
     * The same, and its events: of a run that begins here also those of its first moments that are in no journal, since it is
     * watched before it is there. Who does not subscribe to the events has it watched until its end.
     */
    Mono<Followed> startAndFollow(Start start) {
        return Mono.defer(() -> {
            RunHub.Watcher watcher = hub.watchToTheEnd(start.id());
            return create(start)
                    .map(created -> followed(start, created.what(), watcher))
                    .doOnError(error -> watcher.close())
                    .doOnCancel(watcher::close);
        });
    }

    private Followed followed(Start start, Creation what, RunHub.Watcher watcher) {
        Started started = started(start, what);
        if (what instanceof Creation.Created created && created.owned()) {
            return new Followed(
                    started, Flux.using(() -> watcher, own -> upToTheEnd(own.events(), -1), RunHub.Watcher::close));
        }
        watcher.close();
        return new Followed(started, events(start.organization(), started.id(), -1));
    }

    /** The end of a run that {@code begin} makes or finds; begins watching before, so that no end is missed. */
    Mono<RunEnd> startAndWait(Start start, Mono<Started> begin) {
        return Mono.using(
                () -> hub.await(start.id()),
                waiter -> begin.flatMap(started ->
                        started.created() ? waiter.end() : end(events(start.organization(), started.id(), -1))),
                RunHub.Waiter::close);
    }

    private static Mono<RunEnd> end(Flux<RunEvent> events) {
        return events.mapNotNull(RunEvent::end).next();
    }

    private Mono<Requested> create(Start start) {
        // Once submitted it goes through: a caller who leaves must not leave behind a run that is owned and never
        // begun.
        return Mono.fromSupplier(start::input)
                .flatMap(input -> Mono.fromFuture(() -> submit(start, input).toFuture(), true));
    }

    private Mono<Requested> submit(Start start, JsonNode input) {
        return Mono.using(pool::reserve, permit -> {
            Optional<Incarnation> owner = lease.current().filter(incarnation -> permit.assign(start.organization()));
            RequestedRun run = requested(start, input, owner);
            return creations
                    .submit(run)
                    .doOnNext(creation -> begin(run, creation, owner, permit))
                    .map(creation -> new Requested(run, creation));
        });
    }

    /** What was asked for, and what became of it. */
    private record Requested(RequestedRun run, Creation what) {}

    private RequestedRun requested(Start start, JsonNode input, Optional<Incarnation> owner) {
        return new RequestedRun(
                start.id(),
                start.organization(),
                start.namespace(),
                start.name(),
                owner.map(Incarnation::id).orElse(null),
                owner.map(Incarnation::format).orElse(JournalFormat.TASKS),
                EncodedJson.of(input),
                start.traceparent(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                start.priority(),
                start.key() == null ? null : Idempotency.of(start.key(), start.body()));
    }

    private void begin(RequestedRun run, Creation creation, Optional<Incarnation> owner, Reservation permit) {
        if (!(creation instanceof Creation.Created created)) {
            return;
        }
        if (created.owned()) {
            owner.ifPresent(incarnation -> permit.begin(run.claimed(created, incarnation.id()), incarnation));
        } else if (pool.hasRoomFor(run.organization())) {
            // All permits were out for a moment; while they are, a look at what is due would find nothing but work.
            waiting.run();
        }
    }

    private static Started started(Start start, Creation creation) {
        return switch (creation) {
            case Creation.Created created -> new Started(start.id(), true);
            case Creation.Repeated(UUID former) -> new Started(former, false);
            case Creation.Unknown unknown ->
                throw SluiceException.notFound("Workflow " + start.namespace() + "/" + start.name());
            case Creation.Mismatched mismatched ->
                throw new SluiceException(
                        ProblemType.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key started a run with another body within the last 24 hours.");
        };
    }

    private Flux<RunEvent> follow(OrganizationId organization, UUID id, int after, RunHub.Watcher watcher) {
        return stored(organization, id)
                .flatMapMany(this::history)
                .concatWith(watcher.events())
                .transform(events -> upToTheEnd(events, after));
    }

    private static Flux<RunEvent> upToTheEnd(Flux<RunEvent> events, int after) {
        return fresh(events, after).takeUntil(event -> event.end() != null);
    }

    /** Drops what was seen before: the stored and the live part overlap. */
    private static Flux<RunEvent> fresh(Flux<RunEvent> events, int after) {
        return Flux.defer(() -> {
            int[] last = {after};
            return events.filter(event -> event.after(last[0]))
                    .doOnNext(event -> last[0] = event.seq() == null ? last[0] : event.seq());
        });
    }

    private Flux<RunEvent> history(RunStore.Stored run) {
        return workflows
                .compiled(run.definitionId())
                .map(workflow -> new RunEvents(run.view().id(), workflow))
                .flatMapMany(events -> started(run.view(), events)
                        .concatWith(entries(run.view().id(), events))
                        .concatWith(ended(run, events)));
    }

    private Flux<RunEvent> entries(UUID id, RunEvents events) {
        return journals.spoiled(id, 0)
                .flatMapMany(spoiled -> journals.read(id, 0).concatMapIterable(entry -> events.of(entry, spoiled)));
    }

    private static Flux<RunEvent> started(RunView run, RunEvents events) {
        return run.startedAt() == null ? Flux.empty() : Flux.just(events.started(run.startedAt()));
    }

    private static Flux<RunEvent> ended(RunStore.Stored run, RunEvents events) {
        RunEnd end = run.end();
        return end == null ? Flux.empty() : Flux.just(events.ended(end));
    }

    private Mono<RunStore.Stored> stored(OrganizationId organization, UUID id) {
        return store.find(organization, id).switchIfEmpty(Mono.error(() -> SluiceException.notFound("Run " + id)));
    }
}
