package dev.sluice.executor.correlation;

import dev.sluice.executor.definition.Consumption;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Delivers events to the runs that listen to them. An event is compared with the filters of its organization and type, not
 * with each run: from a filter and what it takes from the event follows the key under which the event's listeners are.
 * Delivering again changes nothing. Thread-safe.
 */
public final class Correlator {

    private static final Logger LOG = LoggerFactory.getLogger(Correlator.class);

    private final DeliveryStore store;
    private final Function<UUID, Mono<Workflow>> workflows;
    private final EvaluationThreads evaluations;
    private final Runnable woken;

    /**
     * Delivers into the given store.
     *
     * @param workflows gives the compiled form of a definition
     * @param evaluations evaluate what filters say
     * @param woken     told when runs have something to take up
     */
    Correlator(
            DeliveryStore store,
            Function<UUID, Mono<Workflow>> workflows,
            EvaluationThreads evaluations,
            Runnable woken) {
        this.store = store;
        this.workflows = workflows;
        this.evaluations = evaluations;
        this.woken = woken;
    }

    /** Completes when all that listen have the events, and are due if they had left memory. */
    public Mono<Void> deliver(List<ArrivedEvent> events) {
        return store.filters(events)
                .collectList()
                .filter(filters -> !filters.isEmpty())
                .flatMap(filters -> matches(events, filters))
                .flatMap(this::deliverAll)
                .then();
    }

    private Mono<List<DeliveryStore.Match>> matches(List<ArrivedEvent> events, List<DeliveryStore.LiveFilter> filters) {
        Map<OrganizationId, List<DeliveryStore.LiveFilter>> byOrganization =
                filters.stream().collect(Collectors.groupingBy(DeliveryStore.LiveFilter::organization));
        return compiled(filters)
                .flatMapMany(compiled -> Flux.fromIterable(events)
                        .concatMap(event -> evaluations
                                .of(event.organization())
                                .of(() -> matches(
                                        event,
                                        byOrganization.getOrDefault(event.organization(), List.of()),
                                        compiled))))
                .flatMapIterable(matches -> matches)
                .collectList();
    }

    private static List<DeliveryStore.Match> matches(
            ArrivedEvent event, List<DeliveryStore.LiveFilter> filters, Map<UUID, EventFilter> compiled) {
        Interests interests = new Interests(event.envelope());
        List<DeliveryStore.Match> matches = new ArrayList<>();
        for (DeliveryStore.LiveFilter filter : filters) {
            EventFilter readable = filter.candidate(event) ? compiled.get(filter.id()) : null;
            if (readable != null) {
                interests
                        .key(readable)
                        .ifPresent(key -> matches.add(new DeliveryStore.Match(filter.id(), key, event.id())));
            }
        }
        return matches;
    }

    private Mono<Map<UUID, EventFilter>> compiled(List<DeliveryStore.LiveFilter> filters) {
        return Flux.fromIterable(filters)
                .concatMap(filter -> workflows
                        .apply(filter.definitionId())
                        .mapNotNull(workflow -> workflow.listeners().get(filter.reference()))
                        .map(Consumption::filters)
                        .map(all -> Map.entry(filter.id(), all.get(filter.position())))
                        .onErrorResume(error -> skipped(filter, error)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** A workflow that cannot be read must not keep the event from others. */
    private static Mono<Map.Entry<UUID, EventFilter>> skipped(DeliveryStore.LiveFilter filter, Throwable error) {
        if (error instanceof SluiceException problem && problem.type().retryable()) {
            return Mono.error(error);
        }
        LOG.error("Definition {} cannot be correlated", filter.definitionId(), error);
        return Mono.empty();
    }

    private Mono<Void> deliverAll(List<DeliveryStore.Match> matches) {
        return matches.isEmpty()
                ? Mono.empty()
                : store.deliver(matches).doOnNext(this::tell).then();
    }

    private void tell(int found) {
        if (found > 0) {
            woken.run();
        }
    }
}
