package dev.sluice.gateway.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.login.LoginStore.Found;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.member.InvitationService;
import dev.sluice.gateway.person.LoginTokens;
import dev.sluice.gateway.person.LoginTokens.Account;
import dev.sluice.gateway.session.Client;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Lets people in by their accounts at providers. Thread-safe; everything it returns is done when it completes. */
public final class ProviderLogins {

    /** In which somebody logs in at the provider. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** In which somebody types the code of their second factor. */
    private static final Duration FOR_THE_CODE = Duration.ofMinutes(5);

    private static final int MAX_REMEMBERED = 20_000;

    private final LoginStore store = new LoginStore();
    private final Providers providers;
    private final ConnectionPool api;
    private final InvitationService invitations;
    private final SessionService sessions;
    private final LoginTokens loginTokens;
    private final SecretTokens random;
    private final Audit audit;
    private final Clock clock;

    /** Logins that have ended here: a provider takes no code twice, and it is not even asked. */
    private final Cache<String, Boolean> ended = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(PATIENCE)
            .executor(Runnable::run)
            .build();

    /** On connections of {@code sluice_api}. */
    public ProviderLogins(
            Providers providers,
            ConnectionPool api,
            InvitationService invitations,
            SessionService sessions,
            LoginTokens loginTokens,
            SecretTokens random,
            Audit audit,
            Clock clock) {
        this.providers = providers;
        this.api = api;
        this.invitations = invitations;
        this.sessions = sessions;
        this.loginTokens = loginTokens;
        this.random = random;
        this.audit = audit;
        this.clock = clock;
    }

    /** A login that has begun: what the browser keeps, and where it goes. */
    record Begun(Flow flow, String address) {}

    /** What came of a login. */
    sealed interface Entry {

        /** A session. */
        record In(String session) implements Entry {}

        /** A login token, since it takes the code of a second factor too. */
        record Code(String loginToken) implements Entry {}
    }

    List<ProviderSettings> all() {
        return providers.all();
    }

    Mono<Begun> begin(String id, @Nullable String invitation) {
        LoginProvider provider = providers.find(id);
        Flow flow = new Flow(
                id,
                random.next(""),
                random.next(""),
                random.next(""),
                invitation,
                clock.instant().plus(PATIENCE));
        return provider.address(flow).map(address -> new Begun(flow, address));
    }

    /** Whether a browser's flow is the one of an answer, and has not ended; from then on it has. */
    boolean end(Flow flow, String id, String state) {
        return flow.isOf(id, state, clock.instant()) && ended.asMap().putIfAbsent(state, true) == null;
    }

    /** Lets in whose account it is. */
    Mono<Entry> finish(Flow flow, LoginProvider.Answer answer, Client client) {
        LoginProvider provider = providers.find(flow.provider());
        return provider.identify(flow, answer).flatMap(identity -> enter(provider.settings(), flow, identity, client));
    }

    private Mono<Entry> enter(ProviderSettings provider, Flow flow, Identity identity, Client client) {
        Account account = identity.account(provider);
        String invitation = flow.invitation();
        return find(provider, identity)
                .flatMap(found -> invitation == null
                        ? Mono.just(found.orElseThrow(() -> unknown(provider)))
                        : accept(invitation, identity, account, found)
                                .then(Mono.defer(() -> again(provider, identity))))
                .flatMap(person -> enter(person, account, client));
    }

    private Mono<Optional<Found>> find(ProviderSettings provider, Identity identity) {
        return store.find(
                api,
                provider.issuerUrl().toString(),
                identity.subject(),
                provider.linkByEmail() ? identity.email().orElse(null) : null);
    }

    private Mono<Found> again(ProviderSettings provider, Identity identity) {
        return find(provider, identity).map(found -> found.orElseThrow(() -> unknown(provider)));
    }

    /** With an account that one has, or with a new one that has no password anybody knows. */
    private Mono<Void> accept(String invitation, Identity identity, Account account, Optional<Found> found) {
        if (found.isEmpty()) {
            return invitations.acceptWithout(
                    invitation,
                    identity.name(),
                    (connection, organization, person) -> link(connection, organization, person, account));
        }
        if (found.get().secondFactor()) {
            return Mono.error(new SluiceException(
                    ProblemType.CONFLICT, "Log in first, and accept the invitation with the account that you have."));
        }
        return invitations.acceptAs(found.get().person(), invitation);
    }

    private Mono<Void> link(Connection connection, OrganizationId organization, UUID person, Account account) {
        return store.insert(connection, person, account)
                .filter(inserted -> inserted)
                .switchIfEmpty(Mono.error(() -> new SluiceException(
                        ProblemType.CONFLICT, "This account has just become somebody's; log in again.")))
                .then(audit.recordBy(
                        connection,
                        organization,
                        Caller.person(person),
                        "person.login.add",
                        Caller.person(person),
                        Json.object().put("provider", account.provider())));
    }

    /** An account that is not theirs yet becomes so when they are in, not before. */
    private Mono<Entry> enter(Found found, Account account, Client client) {
        String method = "provider:" + account.provider();
        return loginTokens
                .make(found.person(), found.generation(), method, found.linked() ? null : account, FOR_THE_CODE)
                .flatMap(token -> found.secondFactor()
                        ? Mono.just(new Entry.Code(token))
                        : sessions.logIn(token, client).map(Entry.In::new));
    }

    /** The same whether or not anybody has the address. */
    private static SluiceException unknown(ProviderSettings provider) {
        return new SluiceException(
                ProblemType.FORBIDDEN,
                "Nobody comes in by this account at " + provider.displayName()
                        + ". It takes an invitation, or an account here whose address is the verified one there.");
    }
}
