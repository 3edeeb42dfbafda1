package dev.sluice.executor.dispatch;

import dev.sluice.executor.correlation.Correlator;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.gathering.Offer;
import dev.sluice.executor.gathering.SupersededException;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.run.Listeners;
import dev.sluice.executor.run.NewRun;
import dev.sluice.executor.run.Reservation;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** From events to what they start: whoever listens hears, triggers are matched, receipts, runs and sets written. Thread-safe. */
final class HandOver {

    /** Of what is written at once. */
    private static final long MAX_BYTES = 8L << 20;

    /** So often events are matched again in a row because another version became active meanwhile. */
    private static final int MATCHINGS = 3;

    private final DispatchStore store;
    private final AcceptanceStore acceptances;
    private final Correlator correlator;
    private final Matching matching;
    private final EvaluationThreads evaluations;
    private final Gatherings gatherings;
    private final Clock clock;

    HandOver(
            DispatchStore store,
            AcceptanceStore acceptances,
            Correlator correlator,
            Matching matching,
            EvaluationThreads evaluations,
            Gatherings gatherings,
            Clock clock) {
        this.store = store;
        this.acceptances = acceptances;
        this.correlator = correlator;
        this.matching = matching;
        this.evaluations = evaluations;
        this.gatherings = gatherings;
        this.clock = clock;
    }

    /**
     * Completes when everything is committed, and the runs that have permits begun. Those that listen hear first: once an
     * event has its receipt nobody brings it here again.
     */
    Mono<Void> start(List<ArrivedEvent> arrived, Incarnation owner, Reservation permits) {
        return correlator
                .deliver(arrived)
                .then(Mono.defer(() -> match(arrived, owner, permits))
                        .retryWhen(Retry.max(MATCHINGS)
                                .filter(SupersededException.class::isInstance)
                                // As it is: a version that changes again and again is not the event's fault.
                                .onRetryExhaustedThrow((retry, last) -> last.failure())));
    }

    private Mono<Void> match(List<ArrivedEvent> arrived, Incarnation owner, Reservation permits) {
        return store.triggers(arrived)
                .collectList()
                .flatMap(triggers -> Flux.fromIterable(arrived)
                        .concatMap(event -> matching.matches(event, triggers))
                        .collectList())
                .flatMapMany(matches -> offers(matches)
                        .flatMapIterable(offers -> acceptances(arrived, matches, offers, owner, permits)))
                .concatMap(part -> commit(part, owner, permits))
                .then();
    }

    private List<Acceptance> acceptances(
            List<ArrivedEvent> arrived,
            List<Matching.Match> matches,
            List<Offer> offers,
            Incarnation owner,
            Reservation permits) {
        List<Matching.Match> alone =
                matches.stream().filter(match -> !match.workflow().together()).toList();
        return Acceptance.split(arrived, runs(alone, owner, permits), offers, MAX_BYTES);
    }

    private Mono<List<Offer>> offers(List<Matching.Match> matches) {
        return Flux.fromIterable(matches)
                .filter(match -> match.workflow().together())
                .concatMap(match -> evaluations
                        .of(match.event().organization())
                        .of(() -> Offer.of(match.event(), match.trigger().definitionId(), match.workflow())))
                .concatMap(Mono::justOrEmpty)
                .collectList();
    }

    private Mono<Void> commit(Acceptance part, Incarnation owner, Reservation permits) {
        return acceptances
                .accept(part)
                .doOnNext(outcome -> begin(part.runs(), outcome.owned(), owner, permits))
                .doOnNext(outcome -> gatherings.tell(outcome.gathered()))
                .filter(outcome -> outcome.gathered().left() > 0)
                .flatMap(outcome -> gatherings.finish());
    }

    /** Starts what others have left: whoever ended sets may be gone. */
    Mono<Void> finish() {
        return gatherings.finish();
    }

    private static void begin(List<NewRun> runs, Map<UUID, Listeners> owned, Incarnation owner, Reservation permits) {
        for (NewRun run : runs) {
            Listeners listeners = owned.get(run.id());
            if (listeners != null) {
                permits.begin(run, owner, listeners);
            }
        }
    }

    /** Those beyond the permits, and beyond what their organization may have here, are left for whoever has room. */
    private List<NewRun> runs(List<Matching.Match> matches, Incarnation owner, Reservation permits) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<UUID, Matching.Match> runs = new LinkedHashMap<>();
        matches.forEach(match -> runs.putIfAbsent(match.trigger().runId(match.event()), match));
        return runs.values().stream()
                .map(match -> run(match, permits.assign(match.event().organization()) ? owner : null, now))
                .toList();
    }

    private static NewRun run(Matching.Match match, @Nullable Incarnation owner, Instant now) {
        ArrivedEvent event = match.event();
        return new NewRun(
                match.trigger().runId(event),
                event.organization(),
                match.trigger().definitionId(),
                owner == null ? null : owner.id(),
                owner == null ? JournalFormat.TASKS : owner.format(),
                event.id(),
                EncodedJson.of(Json.array().add(match.workflow().read().of(event.envelope()))),
                match.workflow().priority(),
                now,
                event.depth());
    }
}
