package dev.sluice.gateway.published;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The routes of all organizations as requests go by them: read when they are needed, kept, and read anew when they change.
 * While that is done, and while PostgreSQL is away, those before are gone by; so no request fails for it. Thread-safe, does
 * not block.
 */
public final class PublishedRoutes {

    private static final int MAX_STATES = 100_000;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RouteStore store = new RouteStore();
    private final TenantTransactions transactions;
    private final RouteSecrets secrets;
    private final LookupCache<OrganizationId, RouteTree<Passage>> trees;

    /** What outlives the reading of a route that has not changed. */
    private final Cache<String, PassageState> states = Caffeine.newBuilder()
            .maximumSize(MAX_STATES)
            .expireAfterAccess(IDLE)
            .executor(Runnable::run)
            .build();

    /** Of the tenant tables of {@code sluice_api}. */
    public PublishedRoutes(TenantTransactions transactions, RouteSecrets secrets, LookupSettings cache) {
        this.transactions = transactions;
        this.secrets = secrets;
        this.trees = new LookupCache<>(cache, this::read, Ticker.systemTicker());
    }

    /** The passage of a path; an error {@code UNAVAILABLE} when it is not known and PostgreSQL is away. */
    public Mono<Optional<Passage>> find(PublishedPath path) {
        return trees.find(path.organization()).map(tree -> tree.flatMap(found -> found.find(path.rest())));
    }

    /** Reads routes anew that a change is about. */
    public void changed(Change change) {
        if (change.type() == ChangeType.ROUTE_CHANGED) {
            // While it cannot be read those before are gone by, and a refresh comes sooner or later.
            CompletableFuture<Boolean> ignored = trees.renew(change.organization());
        }
    }

    /** Completes when requests at this node go by what was just changed, or that cannot be read now or takes too long. */
    Mono<Void> renewed(OrganizationId organization) {
        return Mono.fromFuture(() -> trees.renew(organization), true)
                .timeout(PATIENCE)
                .onErrorComplete(TimeoutException.class)
                .then();
    }

    private Mono<Optional<RouteTree<Passage>>> read(OrganizationId organization) {
        return transactions
                .inTenant(organization, connection -> store.active(connection, organization))
                .flatMapMany(Flux::fromIterable)
                .concatMap(version ->
                        secrets.open(organization, version).map(route -> passage(organization, version, route)))
                .collectList()
                .map(PublishedRoutes::tree);
    }

    private Passage passage(OrganizationId organization, RouteVersion version, PublishedRoute route) {
        UUID id = Ids.derived(Ids.time(organization.value()), "route", organization.toString(), version.name());
        String unlike = version.id() + "." + version.purges();
        PassageState state = states.get(
                version.id().toString(), key -> new PassageState(route.limits().concurrent()));
        return new Passage(organization, version.name(), id, unlike, route, state);
    }

    private static Optional<RouteTree<Passage>> tree(List<Passage> passages) {
        Map<RoutePath, Passage> byPath = new LinkedHashMap<>();
        passages.forEach(passage -> byPath.put(passage.route().path(), passage));
        return byPath.isEmpty() ? Optional.empty() : Optional.of(new RouteTree<>(byPath));
    }
}
