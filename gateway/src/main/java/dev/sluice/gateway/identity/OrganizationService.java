package dev.sluice.gateway.identity;

import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.key.KeyService;
import dev.sluice.gateway.key.NewKey;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.Principal.Scope;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Creates and shows organizations. Thread-safe; everything it returns is done when it completes. */
public final class OrganizationService {

    /** The organization that exists from the first start on. */
    public static final OrganizationId DEFAULT = new OrganizationId(new UUID(0x7000L, 0x8000_0000_0000_0001L));

    private static final String OPEN_PARENT = "organization_parent_open";

    private final OrganizationStore store = new OrganizationStore();
    private final TenantTransactions transactions;
    private final KeyService keys;
    private final Audit audit;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public OrganizationService(TenantTransactions transactions, KeyService keys, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
    }

    /** Makes sure that organization "default" exists and, unless it is empty, the key, with platform scope. */
    public Mono<Void> bootstrap(String secret) {
        Organization organization = new Organization(DEFAULT, "default", null, 0, clock.instant());
        return transactions.inTenant(
                DEFAULT,
                connection -> store.insert(connection, organization)
                        .then(secret.isEmpty() ? Mono.empty() : keys.bootstrap(connection, DEFAULT, secret)));
    }

    /**
     * A new organization with its first key, an owner's: below another one or at the top. Each has limits and a share of its
     * own, so only the platform makes them.
     */
    Mono<NewOrganization> create(Principal creator, String name, Optional<OrganizationId> above) {
        if (creator.scope() != Scope.PLATFORM) {
            return Mono.error(new SluiceException(
                    ProblemType.FORBIDDEN, "Only a key with platform scope may create organizations."));
        }
        return parent(above).flatMap(parent -> insert(creator, name, parent));
    }

    /** The caller's organization and those right below it. */
    Mono<List<Organization>> list(Principal reader, Page page) {
        OrganizationId organization = reader.organization();
        return transactions.inTenant(organization, connection -> store.list(connection, organization, page));
    }

    /** One of those. */
    Mono<Organization> find(Principal reader, OrganizationId id) {
        return transactions
                .inTenant(reader.organization(), connection -> store.find(connection, id))
                .map(OrganizationService::known);
    }

    private Mono<Optional<Organization>> parent(Optional<OrganizationId> above) {
        return above.map(id -> transactions
                        .inTenant(id, connection -> store.find(connection, id))
                        .map(OrganizationService::known)
                        .map(Optional::of))
                .orElseGet(() -> Mono.just(Optional.empty()));
    }

    private Mono<NewOrganization> insert(Principal creator, String name, Optional<Organization> parent) {
        int depth = parent.map(above -> above.depth() + 1).orElse(0);
        if (depth > Organization.MAX_DEPTH) {
            return Mono.error(new SluiceException(
                    ProblemType.CONFLICT,
                    "Organizations may be nested " + Organization.MAX_DEPTH
                            + " deep; create this one at a higher level."));
        }
        OrganizationId id = new OrganizationId(Ids.next());
        Organization organization =
                new Organization(id, name, parent.map(Organization::id).orElse(null), depth, clock.instant());
        return transactions
                .inTenant(
                        id,
                        connection -> store.insert(connection, organization)
                                .then(keys.first(connection, id))
                                .flatMap(key -> record(connection, creator, organization)
                                        .thenReturn(new NewOrganization(organization, key))))
                .onErrorMap(
                        error -> PostgresErrors.isCheckViolation(error, OPEN_PARENT),
                        error -> new SluiceException(
                                ProblemType.CONFLICT, "The organization above is closed; nothing is made below it."));
    }

    /** In the chains of both. */
    private Mono<Void> record(Connection connection, Principal creator, Organization created) {
        Mono<Void> entry =
                audit.record(connection, "organization.create", "organization:" + created.id(), created.json());
        return entry.then(TenantTransactions.goOnIn(connection, creator.organization()))
                .then(entry);
    }

    private static Organization known(Optional<Organization> found) {
        return found.orElseThrow(() -> SluiceException.notFound("The organization"));
    }

    /** An organization with its first key. */
    record NewOrganization(Organization organization, NewKey key) {}
}
