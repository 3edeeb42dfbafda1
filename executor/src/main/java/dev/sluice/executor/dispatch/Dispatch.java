package dev.sluice.executor.dispatch;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.executor.correlation.Correlator;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.RunPool;
import dev.sluice.executor.share.Shares;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.web.WrongMethod;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The parts of this package, put together: from a published event id to its runs. */
public final class Dispatch implements Disposable {

    private final EventIntake intake;
    private final Reconciler reconciler;
    private final EventRunsHandler handler;
    private final DeadEventsHandler deadHandler;

    /**
     * Puts the parts together; nothing begins before {@link #start}.
     *
     * @param evaluations of the filters that events come in through
     * @param lookups     of filters that somebody asks about
     * @param maxTries    how often an event is handed over again before it is given up
     */
    public Dispatch(
            ConnectionPool engine,
            WorkStreams streams,
            EventStore events,
            Correlator correlator,
            Workflows workflows,
            EvaluationThreads evaluations,
            EvaluationThreads lookups,
            Gatherings gatherings,
            RunPool pool,
            Shares shares,
            Maskings maskings,
            int maxTries,
            NodeLease lease,
            Scheduler scheduler,
            Clock clock) {
        DispatchStore store = new DispatchStore(engine);
        AcceptanceStore acceptances = new AcceptanceStore(engine, gatherings);
        Matching matching = new Matching(workflows, evaluations);
        DeadEventStore deadEvents = new DeadEventStore(engine);
        DeadEvents dead = new DeadEvents(streams, deadEvents, maxTries);
        HandOver handOver = new HandOver(store, acceptances, correlator, matching, evaluations, gatherings, clock);
        this.intake = new EventIntake(streams, events, handOver, dead, pool, shares, lease, scheduler);
        this.reconciler = new Reconciler(streams, store, new Duty(engine, "reconcile"), lease, scheduler, clock);
        this.handler =
                new EventRunsHandler(store, events, deadEvents, new Matching(workflows, lookups), gatherings, maskings);
        this.deadHandler = new DeadEventsHandler(deadEvents, streams);
    }

    /** Begins to take events. */
    public void start() {
        intake.start();
        reconciler.start();
    }

    /** Takes no more events. */
    @Override
    public void dispose() {
        intake.dispose();
        reconciler.dispose();
    }

    /** The paths that tell what became of an event, and of those that were given up. */
    public RouterFunction<ServerResponse> routes() {
        return route().GET("/v1/events/{id}/runs", handler::show)
                .GET("/v1/dead-events", deadHandler::list)
                .POST("/v1/dead-events/{id}:retry", deadHandler::retry)
                .route(path("/v1/dead-events"), WrongMethod.allowing(HttpMethod.GET))
                .route(path("/v1/dead-events/{id}:retry"), WrongMethod.allowing(HttpMethod.POST))
                .build();
    }
}
