package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Giving;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.util.List;
import reactor.core.publisher.Mono;

/** The roles that organizations make for themselves. Thread-safe; everything it returns is done when it completes. */
public final class RoleService {

    private final RoleStore store = new RoleStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final Audit audit;

    /** A service on tenant transactions of {@code sluice_api}. */
    public RoleService(TenantTransactions transactions, Audit audit) {
        this.transactions = transactions;
        this.audit = audit;
    }

    Mono<List<OwnRole>> list(Caller caller) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(organization, connection -> store.list(connection, organization));
    }

    /** A role that means just this from now on, for all who have it. */
    Mono<OwnRole> put(Caller caller, OwnRole role) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(organization, connection -> {
            Giving.requireCovered(caller, role.grant(), "give");
            return store.lock(connection, organization, role.name())
                    .flatMap(former -> former.map(old -> replace(connection, caller, old, role))
                            .orElseGet(() -> add(connection, organization, role)))
                    .then(told(connection, caller, "role.put", role))
                    .thenReturn(role);
        });
    }

    /** Only one that nobody has. */
    Mono<Void> delete(Caller caller, String name) {
        OrganizationId organization = organization(caller);
        return transactions
                .inTenant(
                        organization,
                        connection -> store.lock(connection, organization, name)
                                .map(found -> found.orElseThrow(() -> SluiceException.notFound("The role")))
                                .flatMap(role -> {
                                    Giving.requireCovered(caller, role.grant(), "take back");
                                    return store.delete(connection, organization, name)
                                            .then(told(connection, caller, "role.delete", role));
                                }))
                .onErrorMap(RoleService::isConflict, RoleService::inUse);
    }

    /**
     * What a name gives in the transaction's organization, and stays so until it ends; {@code INVALID_REQUEST} when there is
     * no such role.
     */
    Mono<Grant> grant(Connection connection, OrganizationId organization, RoleName name) {
        Role builtIn = name.builtIn();
        String own = name.own();
        return builtIn != null || own == null
                ? Mono.just(builtIn == null ? Grant.stored(null, null) : Grant.of(builtIn))
                : store.find(connection, organization, own)
                        .map(found -> found.orElseThrow(() -> new SluiceException(
                                ProblemType.INVALID_REQUEST, "There is no role '" + own + "' in this organization.")))
                        .map(OwnRole::grant);
    }

    private Mono<Void> replace(Connection connection, Caller caller, OwnRole former, OwnRole role) {
        Giving.requireCovered(caller, former.grant(), "take back");
        return store.update(connection, organization(caller), role);
    }

    private Mono<Void> add(Connection connection, OrganizationId organization, OwnRole role) {
        return store.list(connection, organization)
                .filter(all -> all.size() < RoleStore.MOST)
                .switchIfEmpty(Mono.error(() -> new SluiceException(
                        ProblemType.CONFLICT, "An organization has " + RoleStore.MOST + " roles at most.")))
                .then(store.insert(connection, organization, role))
                .filter(inserted -> inserted)
                .switchIfEmpty(Mono.error(() -> new SluiceException(
                        ProblemType.CONFLICT, "Somebody has just made a role of that name; look at it first.")))
                .then();
    }

    private Mono<Void> told(Connection connection, Caller caller, String action, OwnRole role) {
        OrganizationId organization = organization(caller);
        return changes.record(connection, new Change(organization, ChangeType.ROLE_CHANGED, organization.value()))
                .then(audit.record(
                        connection,
                        action,
                        "role:" + role.name(),
                        action.equals("role.put") ? role.json() : Json.object()));
    }

    private static OrganizationId organization(Caller caller) {
        return caller.principal().organization();
    }

    private static boolean isConflict(Throwable error) {
        return error instanceof SluiceException problem && problem.type() == ProblemType.CONFLICT;
    }

    private static SluiceException inUse(Throwable cause) {
        return new SluiceException(
                ProblemType.CONFLICT,
                "Somebody has this role, or is invited to it; give them another one first.",
                cause);
    }
}
