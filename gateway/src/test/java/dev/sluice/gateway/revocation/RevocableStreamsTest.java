package dev.sluice.gateway.revocation;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class RevocableStreamsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Principal SOMEBODY =
            new Principal(new OrganizationId(Ids.next()), Ids.next(), Principal.Scope.ORGANIZATION);
    private static final Grant GRANT = Grant.of(Role.OWNER);
    private static final UUID SESSION = Ids.next();

    private final RevocableStreams streams = new RevocableStreams(Clock.fixed(NOW, ZoneOffset.UTC));
    private final TestPublisher<String> source = TestPublisher.create();

    @Test
    void aDownloadBreaksOffWithItsSource() {
        Flux<String> download = streams.download(Caller.key(SOMEBODY, GRANT, null), source.flux());
        StepVerifier.create(download, 1)
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> told(ChangeType.KEY_REVOKED, Ids.next()))
                .then(() -> source.assertNotCancelled())
                .then(() -> told(ChangeType.KEY_REVOKED, SOMEBODY.keyId()))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        source.assertCancelled();
    }

    @Test
    void aDownloadThatNobodyEndsIsWhole() {
        Flux<String> download =
                streams.download(Caller.person(SOMEBODY, GRANT, NOW.plusSeconds(60), SESSION), source.flux());
        StepVerifier.create(download)
                .then(() -> source.next("a").complete())
                .expectNext("a")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void aDownloadEndsWithItsSession() {
        Flux<String> download =
                streams.download(Caller.person(SOMEBODY, GRANT, NOW.plusSeconds(60), SESSION), source.flux());
        StepVerifier.create(download)
                .then(() -> told(ChangeType.SESSION_ENDED, SESSION))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
    }

    @Test
    void aDownloadOutlivesATokenButNotAKey() {
        Instant end = NOW.plusSeconds(60);
        StepVerifier.withVirtualTime(
                        () -> streams.download(Caller.token(SOMEBODY, "token:a", GRANT, end), Flux.<String>never()))
                .expectSubscription()
                .expectNoEvent(Duration.ofHours(1))
                .thenCancel()
                .verify(DEADLINE);
        StepVerifier.withVirtualTime(() -> streams.download(Caller.key(SOMEBODY, GRANT, end), Flux.<String>never()))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(59))
                .thenAwait(Duration.ofSeconds(1))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
    }

    private void told(ChangeType type, UUID subject) {
        streams.changed(new Change(SOMEBODY.organization(), type, subject));
    }
}
