package dev.sluice.executor.gathering;

import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Transactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Gathers events into sets, and starts a run for each set that has enough. A workflow has a limit of open sets; above it the
 * oldest are dropped, counted and logged. A set that grows has limits too, with which it starts its run. Thread-safe: deliveries of
 * one workflow go one after another, on all nodes.
 */
public final class Gatherings {

    private static final Logger LOG = LoggerFactory.getLogger(Gatherings.class);

    private final ConnectionPool engine;
    private final Transactions transactions;
    private final SetBounds bounds;
    private final EvaluationThreads evaluations;
    private final SetMeters meters;
    private final Runnable woken;

    /**
     * Gatherings in the engine's database.
     *
     * @param evaluations evaluate conditions, while the workflow's other events wait
     * @param woken       told when runs have something to take up
     */
    public Gatherings(
            ConnectionPool engine, SetBounds bounds, EvaluationThreads evaluations, SetMeters meters, Runnable woken) {
        this.engine = engine;
        this.transactions = new Transactions(engine);
        this.bounds = bounds;
        this.evaluations = evaluations;
        this.meters = meters;
        this.woken = woken;
    }

    /**
     * Has the sets take events that never came before, in their order. In the caller's transaction: whoever rolls it back has
     * changed nothing. A {@link SupersededException} when a version is not active any more.
     */
    public Mono<Gathered> gather(Connection connection, List<Offer> offers) {
        Map<UUID, List<Offer>> byDefinition = offers.stream()
                .collect(Collectors.groupingBy(Offer::definitionId, LinkedHashMap::new, Collectors.toList()));
        return byDefinition.isEmpty()
                ? Mono.just(Gathered.NOTHING)
                : SetStore.lock(connection, byDefinition.keySet())
                        .filter(locked -> locked.size() == byDefinition.size())
                        .switchIfEmpty(Mono.error(SupersededException::new))
                        .flatMap(locked -> taken(connection, locked, byDefinition))
                        .flatMap(sets -> write(connection, sets));
    }

    /** Says what a transaction that committed has done. */
    public void tell(Gathered gathered) {
        if (gathered.runs() > 0) {
            woken.run();
        }
        if (gathered.dropped() > 0) {
            meters.dropped().increment(gathered.dropped());
            LOG.warn(
                    "{} incomplete sets of events were dropped: a workflow has more than {} of them",
                    gathered.dropped(),
                    bounds.sets());
        }
        if (gathered.filled() > 0) {
            meters.filled().increment(gathered.filled());
            LOG.warn(
                    "{} sets of events were full before anything ended them: they have {} events, or {} bytes",
                    gathered.filled(),
                    bounds.events(),
                    bounds.bytes());
        }
    }

    /** Starts the runs of sets that were ended with more others than one transaction starts runs of, whoever ended them. */
    public Mono<Void> finish() {
        return transactions
                .one(connection -> CompletionStore.aside(connection)
                        .flatMap(sets ->
                                CompletionStore.complete(connection, sets).thenReturn(sets.size())))
                .doOnNext(count -> tell(new Gathered(count, 0)))
                .repeat()
                .takeUntil(count -> count == 0)
                .then();
    }

    /** The open sets that an event of an organization is in. */
    public Flux<Waiting> waiting(OrganizationId organization, UUID event) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> SetStore.waiting(connection, organization.value(), event),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /** What has gathered in the open set that an event is in, for a version of a workflow: as the condition of {@code until} sees it. */
    public Mono<JsonNode> gathered(OrganizationId organization, UUID event, UUID definition) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> SetStore.others(connection, organization.value(), event, definition),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate)
                .collect(Json::array, ArrayNode::add)
                .cast(JsonNode.class);
    }

    private Mono<List<Filling>> taken(
            Connection connection, List<Gathering> locked, Map<UUID, List<Offer>> byDefinition) {
        return SetStore.find(connection, wanted(locked, byDefinition))
                .flatMapMany(found -> Flux.fromIterable(locked)
                        .concatMap(gathering -> taken(connection, gathering, offers(gathering, byDefinition), found)))
                .collectList();
    }

    private Mono<Filling> taken(
            Connection connection, Gathering gathering, List<Offer> offers, List<SetStore.Found> found) {
        List<SetStore.Found> open = found.stream()
                .filter(one -> one.gathering().equals(gathering.id()))
                .toList();
        Filling sets = switch (offers.getFirst().rule()) {
            case Rule.All all ->
                new OpenSets(
                        gathering,
                        all.links(),
                        open.stream()
                                .map(set -> new EventSet(set.number(), set.free(), set.fixed()))
                                .toList());
            case Rule.Until until ->
                new GrowingSets(
                        gathering,
                        until,
                        open.stream()
                                .map(set -> new GrowingSet(
                                        set.number(), set.fixed(), set.events(), set.bytes(), set.ending()))
                                .toList(),
                        bounds,
                        new Contents(connection, gathering.id())::of,
                        evaluations);
        };
        return sets.takeAll(offers).thenReturn(sets);
    }

    private static Set<SetStore.Wanted> wanted(List<Gathering> locked, Map<UUID, List<Offer>> byDefinition) {
        Set<SetStore.Wanted> wanted = new HashSet<>();
        for (Gathering gathering : locked) {
            List<Offer> offers = offers(gathering, byDefinition);
            for (Offer offer : offers) {
                for (Place place : offer.places()) {
                    offer.rule()
                            .links()
                            .keys(place)
                            .forEach(key -> wanted.add(wanted(gathering, offer.rule(), place, key, offers.size())));
                }
            }
        }
        return wanted;
    }

    /** Of sets for one event of each filter an event takes one, and makes at most one unfit for another; what ends sets ends all. */
    private static SetStore.Wanted wanted(Gathering gathering, Rule rule, Place place, UUID key, int offers) {
        return switch (rule) {
            case Rule.All all -> new SetStore.Wanted(gathering.id(), place.position(), key, offers);
            case Rule.Until until ->
                new SetStore.Wanted(gathering.id(), GrowingSet.place(place.position()), key, Integer.MAX_VALUE);
        };
    }

    private static List<Offer> offers(Gathering gathering, Map<UUID, List<Offer>> byDefinition) {
        return Objects.requireNonNull(byDefinition.get(gathering.definitionId()));
    }

    private Mono<Gathered> write(Connection connection, List<Filling> all) {
        List<EndedSet> ended = all.stream()
                .flatMap(sets -> sets.completed().stream().map(set -> EndedSet.of(sets.gathering(), set)))
                .toList();
        int now = EndedSet.together(ended);
        int filled = all.stream().mapToInt(Filling::filled).sum();
        return ChangeStore.write(connection, all)
                .then(Mono.defer(() -> CompletionStore.setAside(connection, ended.subList(now, ended.size()))))
                .then(Mono.defer(() -> CompletionStore.complete(connection, ended.subList(0, now))))
                .flatMap(runs -> SetStore.count(connection, all)
                        .then(Mono.defer(() -> trim(connection, all)))
                        .map(gone -> new Gathered(runs, gone, filled, ended.size() - now)));
    }

    private Mono<Integer> trim(Connection connection, List<Filling> all) {
        List<Filling> over =
                all.stream().filter(sets -> sets.open() > bounds.sets()).toList();
        return over.isEmpty() ? Mono.just(0) : SetStore.trim(connection, over, bounds.sets());
    }
}
