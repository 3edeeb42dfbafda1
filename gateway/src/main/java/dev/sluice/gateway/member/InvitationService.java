package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Giving;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.mail.Letters;
import dev.sluice.gateway.mail.Mail;
import dev.sluice.gateway.mail.Mailer;
import dev.sluice.gateway.member.InvitationStore.Open;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.person.Passwords;
import dev.sluice.gateway.person.Person;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.person.Proofs;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Invites people into organizations. Whoever has an invitation's token may accept it, once: passing it on to the right person
 * is the inviter's business. Thread-safe; everything it returns is done when it completes.
 */
public final class InvitationService {

    private static final String PREFIX = "inv_";

    private final InvitationStore store = new InvitationStore();
    private final MemberStore members = new MemberStore();
    private final PersonStore people = new PersonStore();
    private final Changes changes = new Changes();
    private final ConnectionPool api;
    private final TenantTransactions transactions;
    private final PersonTransactions personal;
    private final RoleService roles;
    private final Passwords passwords;
    private final Proofs proofs;
    private final SecretTokens tokens;
    private final Audit audit;
    private final Mailer mailer;
    private final Letters letters;
    private final Clock clock;

    /** A service on transactions of {@code sluice_api}. */
    public InvitationService(
            ConnectionPool api,
            TenantTransactions transactions,
            PersonTransactions personal,
            RoleService roles,
            Passwords passwords,
            Proofs proofs,
            SecretTokens tokens,
            Audit audit,
            Mailer mailer,
            Letters letters,
            Clock clock) {
        this.api = api;
        this.transactions = transactions;
        this.personal = personal;
        this.roles = roles;
        this.passwords = passwords;
        this.proofs = proofs;
        this.tokens = tokens;
        this.audit = audit;
        this.mailer = mailer;
        this.letters = letters;
        this.clock = clock;
    }

    /** The invitation is there when it completes, whether or not a message about it could be taken over. */
    Mono<Invitation.New> invite(Caller caller, Email email, RoleName role, Duration validity, boolean mail) {
        if (mail) {
            mailer.requireOn();
        }
        OrganizationId organization = caller.principal().organization();
        Instant now = clock.instant();
        Invitation invitation = new Invitation(Ids.next(), email, role, caller.actor(), now, now.plus(validity));
        String token = tokens.next(PREFIX);
        return transactions
                .inTenant(
                        organization,
                        connection -> roles.grant(connection, organization, role)
                                .doOnNext(grant -> Giving.requireCovered(caller, grant, "give"))
                                .doOnNext(grant -> Giving.requireLasting(caller))
                                .then(store.insert(connection, organization, invitation, SecretHash.of(token)))
                                .then(audit.record(
                                        connection, "invitation.create", subject(invitation.id()), invitation.json()))
                                .thenReturn(new Invitation.New(invitation, token, false)))
                .map(made -> mail ? mailed(made) : made);
    }

    private Invitation.New mailed(Invitation.New made) {
        Invitation invitation = made.invitation();
        Mail letter = letters.invitation(invitation.email(), made.token(), invitation.expiresAt());
        return new Invitation.New(invitation, made.token(), mailer.offer(Mono.just(letter)));
    }

    Mono<List<Invitation>> list(Caller caller, Page page) {
        OrganizationId organization = caller.principal().organization();
        return transactions.inTenant(
                organization, connection -> store.list(connection, organization, page, clock.instant()));
    }

    /** It is good for nothing from now on. */
    Mono<Void> takeBack(Caller caller, UUID id) {
        OrganizationId organization = caller.principal().organization();
        return transactions.inTenant(
                organization,
                connection -> store.delete(connection, organization, id)
                        .filter(deleted -> deleted)
                        .switchIfEmpty(Mono.error(() -> SluiceException.notFound("The invitation")))
                        .then(audit.record(connection, "invitation.delete", subject(id), Json.object())));
    }

    /** Somebody new, with an account from now on; or somebody who has one, whose password it is. */
    Mono<Member> accept(String token, String name, NewPassword password, Function<Email, Proof> proof) {
        return open(token).flatMap(invitation -> {
            if (invitation.person() != null) {
                return proofs.prove(proof.apply(invitation.email()))
                        .flatMap(proven -> join(invitation, proven.person()));
            }
            password.requireGoodFor(invitation.email(), name);
            Person person = new Person(Ids.next(), invitation.email(), name, false, clock.instant());
            return passwords
                    .hash(password.text())
                    .flatMap(hash -> personal.asIn(
                            person.id(),
                            invitation.organization(),
                            connection -> people.insert(connection, person, hash, true)
                                    .filter(inserted -> inserted)
                                    .switchIfEmpty(Mono.error(InvitationService::hasAccount))
                                    .then(join(connection, invitation, person))));
        });
    }

    /** Somebody who has an account, and the invitation's address. */
    Mono<Member> accept(Caller caller, String token) {
        return accept(caller.principal().keyId(), token);
    }

    private Mono<Member> accept(UUID id, String token) {
        return open(token)
                .flatMap(invitation -> id.equals(invitation.person())
                        ? join(invitation, id)
                        : Mono.error(new SluiceException(
                                ProblemType.FORBIDDEN, "The invitation is for another address than yours.")));
    }

    /** What becomes part of the transaction in which somebody new joins. */
    @FunctionalInterface
    public interface Joining {

        /** More of it; an error undoes all. */
        Mono<Void> with(Connection connection, OrganizationId organization, UUID person);
    }

    /**
     * Somebody new, who proves otherwise who they are and has a password that nobody knows. An error when somebody has the
     * invitation's address: that would be them, and they have to prove it.
     */
    public Mono<Void> acceptWithout(String token, String name, Joining joining) {
        return open(token).flatMap(invitation -> {
            if (invitation.person() != null) {
                return Mono.error(new SluiceException(
                        ProblemType.FORBIDDEN,
                        "The invitation is for somebody who has an account; log in with that, and accept it then."));
            }
            Person person = new Person(Ids.next(), invitation.email(), name, false, clock.instant());
            return passwords
                    .hash(tokens.next(""))
                    .flatMap(hash -> personal.asIn(
                            person.id(),
                            invitation.organization(),
                            connection -> people.insert(connection, person, hash, false)
                                    .filter(inserted -> inserted)
                                    .switchIfEmpty(Mono.error(InvitationService::hasAccount))
                                    .then(joining.with(connection, invitation.organization(), person.id()))
                                    .then(join(connection, invitation, person))))
                    .then();
        });
    }

    /** Somebody who has an account, and has proved to be them; the invitation must be for their address. */
    public Mono<Void> acceptAs(UUID person, String token) {
        return accept(person, token).then();
    }

    private Mono<Member> join(Open invitation, UUID id) {
        return personal.asIn(
                id,
                invitation.organization(),
                connection -> people.find(connection, id).flatMap(person -> join(connection, invitation, person)));
    }

    private Mono<Open> open(String token) {
        return store.findOpen(api, SecretHash.of(token))
                .map(found -> found.orElseThrow(() -> SluiceException.notFound("The invitation")));
    }

    /** Of two who accept at once, or one who accepts while it is taken back, one finds it gone. */
    private Mono<Member> join(Connection connection, Open invitation, Person person) {
        OrganizationId organization = invitation.organization();
        return store.delete(connection, organization, invitation.id())
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("The invitation")))
                .then(members.insert(connection, organization, person.id(), invitation.role()))
                .filter(inserted -> inserted)
                .switchIfEmpty(Mono.error(
                        () -> new SluiceException(ProblemType.CONFLICT, "You belong to this organization already.")))
                .then(changes.record(connection, new Change(organization, ChangeType.MEMBER_CHANGED, person.id())))
                .then(audit.recordBy(
                        connection,
                        organization,
                        Caller.person(person.id()),
                        "invitation.accept",
                        subject(invitation.id()),
                        Json.object().put("role", invitation.role().toString())))
                .thenReturn(new Member(person, invitation.role(), clock.instant()));
    }

    private static SluiceException hasAccount() {
        return new SluiceException(
                ProblemType.CONFLICT, "Somebody with this address has just made an account; accept with its password.");
    }

    private static String subject(UUID id) {
        return "invitation:" + id;
    }
}
