package dev.sluice.executor.dispatch;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.executor.correlation.Correlator;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.RunPool;
import dev.sluice.shared.redis.WorkStreams;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The parts of this package, put together: from a published event id to its runs. */
public final class Dispatch implements Disposable {

    private final EventIntake intake;
    private final Reconciler reconciler;
    private final EventRunsHandler handler;

    /** Puts the parts together; nothing begins before {@link #start}. */
    public Dispatch(
            ConnectionPool engine,
            WorkStreams streams,
            EventStore events,
            Correlator correlator,
            Workflows workflows,
            RunPool pool,
            NodeLease lease,
            Scheduler scheduler,
            Clock clock) {
        DispatchStore store = new DispatchStore(engine);
        Matching matching = new Matching(workflows);
        this.intake = new EventIntake(streams, store, events, correlator, matching, pool, lease, scheduler, clock);
        this.reconciler = new Reconciler(streams, store, new Duty(engine, "reconcile"), lease, scheduler, clock);
        this.handler = new EventRunsHandler(store, events, matching);
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

    /** The path that tells what became of an event. */
    public RouterFunction<ServerResponse> routes() {
        return route().GET("/v1/events/{id}/runs", handler::show).build();
    }
}
