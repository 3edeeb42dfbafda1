package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Giving;
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
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Who belongs to an organization. Nobody gives or takes away what they do not have, and the last owner stays. Thread-safe;
 * everything it returns is done when it completes.
 */
public final class MemberService {

    private final MemberStore store = new MemberStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final RoleService roles;
    private final Audit audit;

    /** A service on tenant transactions of {@code sluice_api}. */
    public MemberService(TenantTransactions transactions, RoleService roles, Audit audit) {
        this.transactions = transactions;
        this.roles = roles;
        this.audit = audit;
    }

    Mono<List<Member>> list(Caller caller, Page page) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(organization, connection -> store.list(connection, organization, page));
    }

    Mono<Member> find(Caller caller, UUID person) {
        return transactions.inTenant(
                organization(caller),
                connection ->
                        store.find(connection, organization(caller), person).map(MemberService::known));
    }

    /** From now on they have this role. */
    Mono<Member> setRole(Caller caller, UUID person, RoleName role) {
        OrganizationId organization = organization(caller);
        return changed(
                caller,
                person,
                member -> connection -> roles.grant(connection, organization, role)
                        .doOnNext(grant -> Giving.requireCovered(caller, grant, "give"))
                        .doOnNext(grant -> Giving.requireLasting(caller))
                        .then(store.update(connection, organization, person, role))
                        .then(told(connection, caller, person, "member.role", role.toString()))
                        .thenReturn(new Member(member.person(), role, member.since())));
    }

    /** From now on they do not belong to the organization, and their sessions in it are over. */
    Mono<Void> remove(Caller caller, UUID person) {
        return changed(
                        caller,
                        person,
                        member -> connection -> store.delete(connection, organization(caller), person)
                                .then(told(
                                        connection,
                                        caller,
                                        person,
                                        "member.remove",
                                        member.role().toString()))
                                .thenReturn(member))
                .then();
    }

    private Mono<Member> changed(
            Caller caller, UUID person, Function<Member, Function<Connection, Mono<Member>>> work) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(
                organization,
                connection -> store.lockOwners(connection, organization)
                        .flatMap(owners -> lock(connection, caller, person)
                                .doOnNext(member -> requireAnotherOwner(owners, member))
                                .flatMap(member -> roles.grant(connection, organization, member.role())
                                        .doOnNext(grant -> Giving.requireCovered(caller, grant, "take back"))
                                        .then(Mono.defer(
                                                () -> work.apply(member).apply(connection))))));
    }

    private Mono<Member> lock(Connection connection, Caller caller, UUID person) {
        return store.lock(connection, organization(caller), person).map(MemberService::known);
    }

    private static Member known(Optional<Member> found) {
        return found.orElseThrow(() -> SluiceException.notFound("The member"));
    }

    private Mono<Void> told(Connection connection, Caller caller, UUID person, String action, String role) {
        return changes.record(connection, new Change(organization(caller), ChangeType.MEMBER_CHANGED, person))
                .then(audit.record(
                        connection, action, Caller.person(person), Json.object().put("role", role)));
    }

    private static void requireAnotherOwner(List<UUID> owners, Member member) {
        if (member.role().builtIn() == Role.OWNER && owners.size() == 1) {
            throw new SluiceException(ProblemType.CONFLICT, "This is the last owner; make somebody else one first.");
        }
    }

    private static OrganizationId organization(Caller caller) {
        return caller.principal().organization();
    }
}
