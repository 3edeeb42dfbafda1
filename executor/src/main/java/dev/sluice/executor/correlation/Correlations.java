package dev.sluice.executor.correlation;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.engine.Bell;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.Subscriptions;
import dev.sluice.executor.event.EventStore;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The parts of this package, put together. */
public final class Correlations {

    private final ListenerStore store;
    private final DeliveryStore deliveries;
    private final EventStore events;
    private final Function<UUID, Mono<Workflow>> workflows;
    private final EvaluationThreads evaluations;
    private final EvaluationThreads lookups;

    /**
     * Correlations in the engine's database.
     *
     * @param workflows   gives the compiled form of a definition
     * @param evaluations of the filters that events come in through
     * @param lookups     of those with which runs look at what came before
     */
    public Correlations(
            ConnectionPool engine,
            EventStore events,
            Function<UUID, Mono<Workflow>> workflows,
            EvaluationThreads evaluations,
            EvaluationThreads lookups) {
        this.store = new ListenerStore(engine);
        this.deliveries = new DeliveryStore(engine);
        this.events = events;
        this.workflows = workflows;
        this.evaluations = evaluations;
        this.lookups = lookups;
    }

    /** What delivers events; {@code woken} is told when runs have something to take up. */
    public Correlator correlator(Runnable woken) {
        return new Correlator(deliveries, workflows, evaluations, woken);
    }

    /**
     * The subscriptions of one run, for as long as it has this owner.
     *
     * @param bell of the run
     */
    public Subscriptions of(Owned run, Bell bell) {
        return new RunSubscriptions(run, bell, store, events, lookups);
    }

    /** Forgets filters that no run has listened with for a day. */
    public static Retention.Rule retention() {
        return DeliveryStore.RETENTION;
    }
}
