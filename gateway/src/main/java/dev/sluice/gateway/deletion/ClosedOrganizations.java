package dev.sluice.gateway.deletion;

import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * The organizations that nobody comes in as any more, whatever they come with: asked for every {@link #PERIOD}, and at once when a
 * change says so. Those that are gone are among them, since a provider's tokens may name them still; of these the {@value #MAX}
 * latest. While PostgreSQL is away the last ones hold; without it none can be closed. Thread-safe.
 */
public final class ClosedOrganizations implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(ClosedOrganizations.class);

    static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX = 100_000;

    private static final String CLOSED = "select c as id from identity.closed_organizations($1) c";

    private final ConnectionPool api;
    private final Sinks.Many<Boolean> hints = Sinks.many().multicast().directBestEffort();
    private final Disposable looking;
    private volatile Set<OrganizationId> closed = Set.of();

    /** Those that were told to be, until they have been looked for. */
    private final Set<OrganizationId> told = ConcurrentHashMap.newKeySet();

    /** Begins to look; {@link #load} makes sure that it has looked. */
    public ClosedOrganizations(ConnectionPool api) {
        this.api = api;
        this.looking = Recurring.every(PERIOD, Schedulers.parallel())
                .orOn(hints.asFlux())
                .within(LIMIT)
                .start(this::load, error -> LOG.debug("Who is closed could not be asked: {}", error.toString()));
    }

    /** Whether nobody comes in as that one. */
    public boolean contains(OrganizationId organization) {
        return closed.contains(organization) || told.contains(organization);
    }

    /** Looks now. */
    public Mono<Void> load() {
        return Mono.defer(() -> {
            Set<OrganizationId> before = Set.copyOf(told);
            return Rows.alone(
                            api,
                            connection -> Rows.all(
                                            connection.createStatement(CLOSED).bind(0, MAX),
                                            row -> new OrganizationId(Columns.required(row, "id", UUID.class)))
                                    .collect(Collectors.toUnmodifiableSet()))
                    .doOnNext(found -> {
                        closed = found;
                        told.removeAll(before);
                    })
                    .then();
        });
    }

    /** One that is told to be closed is from now on, and is looked for soon: it may be open again by then. */
    public void changed(Change change) {
        if (change.type() == ChangeType.ORGANIZATION_CLOSED) {
            told.add(change.organization());
            // Nobody hears it once all has ended.
            Sinks.EmitResult ignored = hints.tryEmitNext(true);
        }
    }

    @Override
    public void dispose() {
        looking.dispose();
    }
}
