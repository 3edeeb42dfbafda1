package dev.sluice.executor.run;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Which types of lifecycle events each organization listens for besides starts and ends of runs, as a node knows it: it looks every
 * second. So runs of those who listen for nothing of the kind, which are nearly all, make no events. Thread-safe.
 */
final class Hearers implements Disposable {

    /** How long it may take until a run that is under way tells somebody who begins to listen. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Hearers.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** As {@code workflow.is_heard} asks for each of them, of a snapshot. */
    private static final String TYPES = """
            select t.organization_id, t.type from workflow.trigger t
            where t.type like 'io.serverlessworkflow.%'
                and exists (
                    select from workflow.active a
                    where a.organization_id = t.organization_id and a.definition_id = t.definition_id)
            union
            select f.organization_id, f.type from workflow.filter f
            cross join lateral (select from workflow.listener l where l.filter_id = f.id limit 1) one
            where f.type like 'io.serverlessworkflow.%'
            """;

    private final ConnectionPool pool;
    private final Scheduler scheduler;
    private final AtomicLong begun = new AtomicLong();
    private final Disposable.Swap ticking = Disposables.swap();
    private volatile Known known = new Known(0, Map.of());

    Hearers(ConnectionPool pool, Scheduler scheduler) {
        this.pool = pool;
        this.scheduler = scheduler;
    }

    /**
     * What a look found.
     *
     * @param look its number
     */
    private record Known(long look, Map<OrganizationId, Set<String>> types) {}

    private record Heard(OrganizationId organization, String type) {}

    /** Begins to look; goes on until disposed, whatever fails. */
    void start() {
        ticking.update(Recurring.every(Duration.ZERO, INTERVAL, scheduler)
                .within(LIMIT)
                .start(
                        this::look,
                        error -> LOG.warn("Who listens for lifecycle events is not known: {}", error.toString())));
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    /** Looks; what is found counts from then on. */
    Mono<Void> look() {
        return Mono.defer(() -> {
            long look = begun.incrementAndGet();
            return Flux.usingWhen(
                            pool.create(),
                            connection -> Flux.from(
                                            connection.createStatement(TYPES).execute())
                                    .concatMap(result -> result.map(Hearers::heard)),
                            Connection::close)
                    .onErrorMap(PostgresErrors::translate)
                    .filter(heard -> !LifecycleTypes.isOfRun(heard.type()))
                    .collect(Collectors.groupingBy(
                            Heard::organization,
                            Collectors.mapping(Heard::type, Collectors.toCollection(HashSet::new))))
                    .doOnNext(types -> known = new Known(look, Map.copyOf(types)))
                    .then();
        });
    }

    private static Heard heard(Readable row) {
        return new Heard(
                new OrganizationId(Objects.requireNonNull(row.get(0, UUID.class))),
                Objects.requireNonNull(row.get(1, String.class)));
    }

    /** How many looks have begun: what a later one finds is what there is after this. */
    long begun() {
        return begun.get();
    }

    /** Whether a look has been finished that began after so many others. */
    boolean lookedSince(long others) {
        return known.look() > others;
    }

    /** The types that an organization listens for, by the last look; patterns by the type that stands for all of them. */
    Set<String> types(OrganizationId organization) {
        return known.types().getOrDefault(organization, Set.of());
    }
}
