package dev.sluice.gateway.plan;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal.Scope;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans, and what organizations may use. The platform sets both; an organization sees how it stands, and how those right below it
 * do. A change holds on all gateways within a second. Thread-safe; everything it returns is done when it completes.
 */
public final class PlanService {

    private final PlanStore store = new PlanStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final Audit audit;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public PlanService(TenantTransactions transactions, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    Mono<List<Plan>> list(Caller caller) {
        return asPlatform(caller, store::list);
    }

    /** A plan that means just this from now on, for all who have it. */
    Mono<Plan> put(Caller caller, Plan plan) {
        return asPlatform(
                caller,
                connection -> requireRoom(connection, plan)
                        .then(store.put(connection, plan))
                        .then(told(connection, caller, "plan.put", plan.name(), plan.json()))
                        .thenReturn(plan));
    }

    /** Only one that nobody has. */
    Mono<Void> delete(Caller caller, String name) {
        return asPlatform(
                        caller,
                        connection -> store.delete(connection, name)
                                .filter(deleted -> deleted)
                                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("The plan")))
                                .then(told(connection, caller, "plan.delete", name, Json.object())))
                .onErrorMap(PlanService::isConflict, PlanService::inUse);
    }

    /** How the caller's organization stands. */
    Mono<Standing> standing(Caller caller) {
        return standing(organization(caller));
    }

    /** How one that they see stands. */
    Mono<Standing> standing(Caller caller, OrganizationId which) {
        return visible(caller, which).then(Mono.defer(() -> standing(which)));
    }

    /** Whoever does not see the organization is told that it is not there; the others may not set anything, but the platform. */
    Mono<Void> requireMaySet(Caller caller, OrganizationId which) {
        return visible(caller, which).then(Mono.fromRunnable(() -> requirePlatform(caller)));
    }

    /**
     * Which plan it has from now on, if one of its own, and what it may use other than that says; by somebody who
     * {@linkplain #requireMaySet may}.
     */
    Mono<Standing> set(Caller caller, OrganizationId which, @Nullable String plan, Allowances exceptions) {
        return transactions
                .inTenant(
                        which,
                        connection -> requireKnown(connection, plan)
                                .then(store.set(connection, which, plan, exceptions))
                                .then(Mono.defer(() -> told(connection, caller, which, plan, exceptions))))
                .then(Mono.defer(() -> standing(which)));
    }

    private Mono<Standing> standing(OrganizationId organization) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return transactions.inTenant(organization, connection -> store.standing(connection, organization, today));
    }

    /** Itself, those right below it, and for the platform all that are. */
    private Mono<Void> visible(Caller caller, OrganizationId which) {
        boolean platform = caller.principal().scope() == Scope.PLATFORM;
        return transactions
                .inTenant(platform ? which : organization(caller), connection -> store.sees(connection, which))
                .flatMap(seen -> seen ? Mono.empty() : Mono.error(() -> SluiceException.notFound("The organization")));
    }

    private <T> Mono<T> asPlatform(Caller caller, Function<Connection, Mono<T>> work) {
        return Mono.defer(() -> {
            requirePlatform(caller);
            return transactions.inTenant(organization(caller), work);
        });
    }

    private Mono<Void> requireRoom(Connection connection, Plan plan) {
        return store.list(connection)
                .filter(all -> all.size() < PlanStore.MOST
                        || all.stream().anyMatch(one -> one.name().equals(plan.name())))
                .switchIfEmpty(Mono.error(() ->
                        new SluiceException(ProblemType.CONFLICT, "There are " + PlanStore.MOST + " plans at most.")))
                .then();
    }

    private Mono<Void> requireKnown(Connection connection, @Nullable String plan) {
        return plan == null
                ? Mono.empty()
                : store.lock(connection, plan)
                        .flatMap(known -> known
                                ? Mono.empty()
                                : Mono.error(() -> new SluiceException(
                                        ProblemType.INVALID_REQUEST, "There is no plan '" + plan + "'.")));
    }

    private Mono<Void> told(Connection connection, Caller caller, String action, String name, JsonNode detail) {
        OrganizationId organization = organization(caller);
        return changes.record(connection, new Change(organization, ChangeType.PLAN_CHANGED, organization.value()))
                .then(audit.record(connection, action, "plan:" + name, detail));
    }

    /** In the chains of both. */
    private Mono<Void> told(
            Connection connection, Caller caller, OrganizationId which, @Nullable String plan, Allowances exceptions) {
        ObjectNode detail = Json.object().put("plan", plan);
        detail.set("exceptions", exceptions.json());
        Mono<Void> entry = audit.record(connection, "quota.put", "organization:" + which, detail);
        Mono<Void> both = which.equals(organization(caller))
                ? entry
                : entry.then(TenantTransactions.goOnIn(connection, organization(caller)))
                        .then(entry);
        return changes.record(connection, new Change(which, ChangeType.QUOTA_CHANGED, which.value()))
                .then(both);
    }

    private static void requirePlatform(Caller caller) {
        if (caller.principal().scope() != Scope.PLATFORM) {
            throw new SluiceException(ProblemType.FORBIDDEN, "Only a key with platform scope may do this.");
        }
    }

    private static OrganizationId organization(Caller caller) {
        return caller.principal().organization();
    }

    private static boolean isConflict(Throwable error) {
        return error instanceof SluiceException problem && problem.type() == ProblemType.CONFLICT;
    }

    private static SluiceException inUse(Throwable cause) {
        return new SluiceException(
                ProblemType.CONFLICT, "An organization has this plan; give it another one first.", cause);
    }
}
