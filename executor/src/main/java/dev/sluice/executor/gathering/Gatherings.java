package dev.sluice.executor.gathering;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
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

/**
 * Gathers events into sets, and starts a run for each set that is complete. A workflow has a limit of open sets; above it the
 * oldest are dropped, counted and logged. Thread-safe: deliveries of one workflow go one after another, on all nodes.
 */
public final class Gatherings {

    private static final Logger LOG = LoggerFactory.getLogger(Gatherings.class);

    private final ConnectionPool engine;
    private final int maxOpenSets;
    private final Counter dropped;
    private final Runnable woken;

    /**
     * Gatherings in the engine's database.
     *
     * @param maxOpenSets of one workflow
     * @param dropped     counts the sets that were given up for newer ones
     * @param woken       told when runs have something to take up
     */
    public Gatherings(ConnectionPool engine, int maxOpenSets, Counter dropped, Runnable woken) {
        this.engine = engine;
        this.maxOpenSets = maxOpenSets;
        this.dropped = dropped;
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
            dropped.increment(gathered.dropped());
            LOG.warn(
                    "{} incomplete sets of events were dropped: a workflow has more than {} of them",
                    gathered.dropped(),
                    maxOpenSets);
        }
    }

    /** The open sets that an event of an organization is in. */
    public Flux<Waiting> waiting(OrganizationId organization, UUID event) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> SetStore.waiting(connection, organization.value(), event),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Mono<List<OpenSets>> taken(
            Connection connection, List<Gathering> locked, Map<UUID, List<Offer>> byDefinition) {
        return SetStore.find(connection, wanted(locked, byDefinition))
                .map(found -> locked.stream()
                        .map(gathering -> taken(gathering, offers(gathering, byDefinition), found))
                        .toList());
    }

    private static OpenSets taken(Gathering gathering, List<Offer> offers, List<SetStore.Found> found) {
        List<EventSet> open = found.stream()
                .filter(one -> one.gathering().equals(gathering.id()))
                .map(SetStore.Found::set)
                .toList();
        OpenSets sets = new OpenSets(gathering, offers.getFirst().links(), open);
        offers.forEach(sets::take);
        return sets;
    }

    private static Set<SetStore.Wanted> wanted(List<Gathering> locked, Map<UUID, List<Offer>> byDefinition) {
        Set<SetStore.Wanted> wanted = new HashSet<>();
        for (Gathering gathering : locked) {
            List<Offer> offers = offers(gathering, byDefinition);
            for (Offer offer : offers) {
                for (Place place : offer.places()) {
                    offer.links()
                            .keys(place)
                            .forEach(key -> wanted.add(
                                    new SetStore.Wanted(gathering.id(), place.position(), key, offers.size())));
                }
            }
        }
        return wanted;
    }

    private static List<Offer> offers(Gathering gathering, Map<UUID, List<Offer>> byDefinition) {
        return Objects.requireNonNull(byDefinition.get(gathering.definitionId()));
    }

    private Mono<Gathered> write(Connection connection, List<OpenSets> all) {
        return ChangeStore.write(connection, all)
                .then(Mono.defer(() -> ChangeStore.complete(connection, all)))
                .flatMap(runs -> SetStore.count(connection, all)
                        .then(Mono.defer(() -> trim(connection, all)))
                        .map(gone -> new Gathered(runs, gone)));
    }

    private Mono<Integer> trim(Connection connection, List<OpenSets> all) {
        List<OpenSets> over =
                all.stream().filter(sets -> sets.open() > maxOpenSets).toList();
        return over.isEmpty() ? Mono.just(0) : SetStore.trim(connection, over, maxOpenSets);
    }
}
