package dev.sluice.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class RevocableStreamsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Principal SOMEBODY =
            new Principal(new OrganizationId(Ids.next()), Ids.next(), Principal.Scope.ORGANIZATION);
    private static final Grant GRANT = Grant.of(Role.OWNER);
    private static final UUID SESSION = Ids.next();
    private static final Caller KEY = Caller.key(SOMEBODY, GRANT, null);
    private static final Caller PERSON = Caller.person(SOMEBODY, GRANT, NOW.plusSeconds(60), SESSION);

    /** Whose the exchange is when somebody looks. */
    private final AtomicReference<Mono<Caller>> now = new AtomicReference<>(Mono.empty());

    private final RevocableStreams streams =
            new RevocableStreams(exchange -> Mono.defer(now::get), Clock.fixed(NOW, ZoneOffset.UTC));
    private final TestPublisher<String> source = TestPublisher.create();

    @Test
    void aDownloadBreaksOffWithItsSource() {
        StepVerifier.create(download(KEY, source.flux()), 1)
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> is(Mono.empty()))
                .then(() -> told(ChangeType.KEY_REVOKED, Ids.next()))
                .then(source::assertNotCancelled)
                .then(() -> told(ChangeType.KEY_REVOKED, SOMEBODY.keyId()))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        source.assertCancelled();
    }

    @Test
    void aDownloadThatNobodyEndsIsWhole() {
        StepVerifier.create(download(PERSON, source.flux()))
                .then(() -> source.next("a").complete())
                .expectNext("a")
                .expectComplete()
                .verify(DEADLINE);
    }

    /** It may have been made before the answer was begun. */
    @ParameterizedTest
    @EnumSource(names = {"SESSION_ENDED", "PERSON_SECURED", "MEMBER_CHANGED", "ROLE_CHANGED", "MASKING_CHANGED"})
    void aChangeAfterWhichTheCallerIsWhoTheyWereEndsNothing(ChangeType type) {
        StepVerifier.create(download(PERSON, source.flux()))
                .then(() -> told(type, type == ChangeType.SESSION_ENDED ? SESSION : SOMEBODY.keyId()))
                .then(() -> source.next("a").complete())
                .expectNext("a")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void aDownloadEndsWhenItsCallerIsAnotherOrMayDoOtherThingsOrCannotBeFound() {
        Principal elsewhere =
                new Principal(new OrganizationId(Ids.next()), SOMEBODY.keyId(), Principal.Scope.ORGANIZATION);
        for (Mono<Caller> other : List.<Mono<Caller>>of(
                Mono.just(Caller.person(SOMEBODY, Grant.of(Role.VIEWER), NOW.plusSeconds(60), SESSION)),
                Mono.just(Caller.person(elsewhere, GRANT, NOW.plusSeconds(60), SESSION)),
                Mono.just(Caller.person(SOMEBODY, GRANT, NOW.plusSeconds(60), Ids.next())),
                Mono.just(KEY),
                Mono.empty(),
                Mono.error(new SluiceException(ProblemType.UNAVAILABLE, "PostgreSQL is away.")))) {
            StepVerifier.create(download(PERSON, Flux.<String>never()))
                    .then(() -> is(other))
                    .then(() -> told(ChangeType.MEMBER_CHANGED, SOMEBODY.keyId()))
                    .expectError(SluiceException.class)
                    .verify(DEADLINE);
        }
    }

    @Test
    void aDownloadWhoseCallerIsNobodyAnyMoreAsItBeginsBreaksOff() {
        is(Mono.empty());
        StepVerifier.create(streams.download(exchange(PERSON), Flux.<String>never()))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
    }

    @Test
    void aKeyThatIsReplacedEndsWhenItsTimeIsOver() {
        StepVerifier.withVirtualTime(() -> download(KEY, Flux.<String>never()))
                .expectSubscription()
                .then(() -> is(Mono.just(Caller.key(SOMEBODY, GRANT, NOW.plusSeconds(30)))))
                .then(() -> told(ChangeType.KEY_ROTATED, SOMEBODY.keyId()))
                .expectNoEvent(Duration.ofSeconds(29))
                .thenAwait(Duration.ofSeconds(1))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
    }

    @Test
    void aDownloadOutlivesATokenButNotAKeyNorASession() {
        Instant end = NOW.plusSeconds(60);
        StepVerifier.withVirtualTime(
                        () -> download(Caller.token(SOMEBODY, "token:a", GRANT, end), Flux.<String>never()))
                .expectSubscription()
                .expectNoEvent(Duration.ofHours(1))
                .thenCancel()
                .verify(DEADLINE);
        for (Caller caller : List.of(Caller.key(SOMEBODY, GRANT, end), PERSON)) {
            StepVerifier.withVirtualTime(() -> download(caller, Flux.<String>never()))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(59))
                    .thenAwait(Duration.ofSeconds(1))
                    .expectError(SluiceException.class)
                    .verify(DEADLINE);
        }
    }

    @Test
    void allEndWithTheirOrganization() {
        StepVerifier.create(download(Caller.token(SOMEBODY, "token:a", GRANT, NOW), source.flux()))
                .then(() -> told(
                        ChangeType.ORGANIZATION_CLOSED, SOMEBODY.organization().value()))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
    }

    @Test
    void eventsEndWithoutAnErrorAlsoWhereOtherFieldsAreHidden() {
        Caller reader = Caller.person(SOMEBODY, Grant.of(Role.VIEWER), NOW.plusSeconds(60), SESSION);
        is(Mono.just(reader));
        List<String> seen = new ArrayList<>();
        StepVerifier.create(streams.during(
                        exchange(reader),
                        reader,
                        standing -> standing.events(source.flux())
                                .doOnNext(seen::add)
                                .then()))
                .then(() -> told(ChangeType.MEMBER_CHANGED, SOMEBODY.keyId()))
                .then(() -> source.next("a"))
                .then(() ->
                        told(ChangeType.MASKING_CHANGED, SOMEBODY.organization().value()))
                .expectComplete()
                .verify(DEADLINE);
        source.assertCancelled();
        assertThat(seen).containsExactly("a");
    }

    /** It was told when the exchange was not among those under way yet. */
    @Test
    void eventsOfACallerWhoIsNobodyAnyMoreAsTheyBeginEnd() {
        is(Mono.empty());
        StepVerifier.create(streams.during(
                        exchange(PERSON),
                        PERSON,
                        standing -> standing.events(Flux.never()).then()))
                .expectComplete()
                .verify(DEADLINE);
    }

    /** One that began before a change and is done after it says nothing of what came after. */
    @Test
    void theLookThatBeganLastCounts() {
        TestPublisher<Caller> early = TestPublisher.create();
        is(early.mono());
        StepVerifier.create(streams.download(exchange(PERSON), source.flux()))
                .then(() -> is(Mono.empty()))
                .then(() -> told(ChangeType.SESSION_ENDED, SESSION))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        early.assertCancelled();
    }

    /** A look that goes on when the answer is over is given up, and one that comes later is not begun. */
    @Test
    void nothingIsLookedUpForWhatIsOver() {
        TestPublisher<Caller> lookup = TestPublisher.create();
        StepVerifier.create(download(PERSON, source.flux()))
                .then(() -> is(lookup.mono()))
                .then(() -> told(ChangeType.MEMBER_CHANGED, SOMEBODY.keyId()))
                .then(() -> lookup.assertSubscribers(1))
                .then(source::complete)
                .expectComplete()
                .verify(DEADLINE);
        lookup.assertCancelled();
        told(ChangeType.MEMBER_CHANGED, SOMEBODY.keyId());
        assertThat(lookup.subscribeCount()).isEqualTo(1);
    }

    private Flux<String> download(Caller caller, Flux<String> parts) {
        is(Mono.just(caller));
        return streams.download(exchange(caller), parts);
    }

    private void is(Mono<Caller> caller) {
        now.set(caller);
    }

    private static MockServerWebExchange exchange(Caller caller) {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        Authenticated.set(exchange, caller);
        return exchange;
    }

    private void told(ChangeType type, UUID subject) {
        streams.changed(new Change(SOMEBODY.organization(), type, subject));
    }
}
