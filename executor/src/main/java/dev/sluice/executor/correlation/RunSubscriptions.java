package dev.sluice.executor.correlation;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.engine.Bell;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.HeardEvent;
import dev.sluice.executor.engine.Keys;
import dev.sluice.executor.engine.Subscription;
import dev.sluice.executor.engine.Subscriptions;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.journal.FencedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The subscriptions of one run. An event is stored before anyone is told of it: a subscription that commits and then looks
 * at what is stored, and a delivery that looks at the subscriptions after the event was stored, cannot both miss.
 */
final class RunSubscriptions implements Subscriptions {

    private static final int PAGE = 500;
    private static final int MOST_AHEAD = 64;
    private static final long MOST_BYTES = 4L << 20;

    private final Owned run;
    private final Bell bell;
    private final ListenerStore store;
    private final EventStore events;
    private final EvaluationThreads evaluations;

    RunSubscriptions(Owned run, Bell bell, ListenerStore store, EventStore events, EvaluationThreads evaluations) {
        this.run = run;
        this.bell = bell;
        this.store = store;
        this.events = events;
        this.evaluations = evaluations;
    }

    @Override
    public Mono<Boolean> open(Subscription subscription, boolean looked) {
        return store.open(run, subscription)
                .switchIfEmpty(Mono.error(() -> new FencedException("run " + run.runId() + " may not listen any more")))
                .flatMap(opened -> opened.allowed() && (opened.fresh() || !looked)
                        ? look(subscription, opened.since()).thenReturn(true)
                        : Mono.just(opened.allowed()));
    }

    @Override
    public Mono<List<HeardEvent>> heard(UUID subscription) {
        // The mark is the run's: whoever takes it down tells the other branches.
        return store.look(run)
                .doOnNext(news -> {
                    if (news) {
                        bell.ring();
                    }
                })
                .thenMany(Flux.defer(() -> store.heard(run, subscription, MOST_AHEAD)))
                .collectMap(ListenerStore.HeardRow::eventId, Function.identity())
                .filter(rows -> !rows.isEmpty())
                .flatMap(rows -> events.byId(rows.keySet(), MOST_BYTES)
                        .map(event ->
                                new HeardEvent(event.id(), row(rows, event).position(), event.envelope()))
                        .collectList()
                        .flatMap(found -> found.isEmpty()
                                ? reject(subscription, List.copyOf(rows.keySet()))
                                        .then(heard(subscription))
                                : Mono.just(found)))
                .defaultIfEmpty(List.of());
    }

    @Override
    public Mono<Void> reject(UUID subscription, List<UUID> rejected) {
        return store.reject(run, subscription, rejected);
    }

    @Override
    public Mono<Void> close(UUID subscription) {
        return store.close(run, subscription);
    }

    private static ListenerStore.HeardRow row(Map<UUID, ListenerStore.HeardRow> rows, ArrivedEvent event) {
        return Objects.requireNonNull(rows.get(event.id()));
    }

    /** Finds what was stored before the subscription was, a page at a time. */
    private Mono<Void> look(Subscription subscription, UUID since) {
        return page(subscription, since)
                .expand(page -> page.isEmpty()
                        ? Mono.empty()
                        : page(subscription, page.getLast().id()))
                .then();
    }

    private Mono<List<ArrivedEvent>> page(Subscription subscription, UUID after) {
        return events.since(run.organization(), after, types(subscription), PAGE, MOST_BYTES)
                .collectList()
                .flatMap(page -> hear(subscription, page).thenReturn(page));
    }

    private Mono<Void> hear(Subscription subscription, List<ArrivedEvent> page) {
        return Flux.fromIterable(page)
                .concatMap(event -> evaluations.of(run.organization()).of(() -> row(subscription, event)))
                .concatMap(Mono::justOrEmpty)
                .collectList()
                .filter(rows -> !rows.isEmpty())
                .flatMap(rows -> store.hear(run, subscription.id(), rows));
    }

    private static Optional<ListenerStore.HeardRow> row(Subscription subscription, ArrivedEvent event) {
        Interests interests = new Interests(event.envelope());
        return subscription.interests().stream()
                .filter(interest -> interests
                        .key(interest.filter())
                        .filter(key -> key.equals(Keys.of(interest.expected())))
                        .isPresent())
                .findFirst()
                .map(interest -> new ListenerStore.HeardRow(event.id(), interest.position()));
    }

    /** The types that can match; null when that is not fixed. */
    private static @Nullable Set<String> types(Subscription subscription) {
        Set<String> types = new HashSet<>();
        for (Subscription.Interest interest : subscription.interests()) {
            String type = interest.filter().type();
            if (type == null || type.equals(LifecycleTypes.FAMILY)) {
                return null;
            }
            types.add(type);
        }
        return types;
    }
}
