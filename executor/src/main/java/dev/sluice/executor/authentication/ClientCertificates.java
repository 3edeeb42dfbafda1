package dev.sluice.executor.authentication;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.executor.authentication.AuthenticationException.Reason;
import dev.sluice.shared.outbound.ClientCertificate;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Certificates that calls show, each read again after {@code LIFE}: it may have expired. At most {@value #MOST} of them. Thread-safe. */
final class ClientCertificates {

    private static final int MOST = 1_000;
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Clock clock;
    private final AsyncCache<String, Signal<Credentials>> read;

    ClientCertificates(Clock clock) {
        this.clock = clock;
        Ticker ticker = () -> Math.multiplyExact(clock.millis(), 1_000_000L);
        this.read = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfterWrite(LIFE)
                .buildAsync();
    }

    /** The credentials that settings make. Who asks meanwhile waits for the same; cancelling leaves it to the others. */
    Mono<Credentials> get(OrganizationId organization, Settings settings, JsonNode node) {
        String key = Tokens.key(organization.toString(), node);
        return Mono.defer(() -> {
            CompletableFuture<Signal<Credentials>> credentials = read.get(
                    key, (_, _) -> reading(organization, settings).materialize().toFuture());
            return Mono.fromFuture(credentials, true)
                    .<Credentials>dematerialize()
                    .doOnError(error -> read.asMap().remove(key, credentials));
        });
    }

    /** Elsewhere: it takes some milliseconds. */
    private Mono<Credentials> reading(OrganizationId organization, Settings settings) {
        return Mono.<Credentials>fromCallable(
                        () -> new Shown(new CertificateReader(settings, clock).read(organization)))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(LIMIT)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new AuthenticationException(
                                Reason.AUTHORITY, "The node had no time to read the certificate."));
    }

    private record Shown(ClientCertificate certificate) implements Credentials {

        @Override
        public Optional<Authorization> authorization() {
            return Optional.empty();
        }

        @Override
        public OutboundRequest identifying(OutboundRequest request) {
            return request.showing(certificate);
        }
    }
}
