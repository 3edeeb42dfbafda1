package dev.sluice.executor.authentication;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.shared.outbound.ClientCertificate;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.tenancy.OrganizationId;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Certificates that calls show, each read once for as long as it is used; at most {@value #MOST} of them. Thread-safe. */
final class ClientCertificates {

    private static final int MOST = 1_000;

    /** One that has expired meanwhile is found out. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Clock clock;
    private final AsyncCache<String, Credentials> read = Caffeine.newBuilder()
            .maximumSize(MOST)
            .executor(Runnable::run)
            .expireAfterWrite(LIFE)
            .buildAsync();

    ClientCertificates(Clock clock) {
        this.clock = clock;
    }

    /** The credentials that settings make; connections are an organization's own. */
    Mono<Credentials> get(OrganizationId organization, Settings settings, JsonNode node) {
        String key = Tokens.key(organization.toString(), node);
        return Mono.defer(() -> {
            CompletableFuture<Credentials> credentials = read.get(
                    key,
                    (_, _) -> Mono.fromCallable(() -> read(key, settings))
                            .subscribeOn(Schedulers.boundedElastic())
                            .toFuture());
            return Mono.fromFuture(credentials, true)
                    .doOnError(error -> read.asMap().remove(key, credentials));
        });
    }

    private Credentials read(String key, Settings settings) {
        CertificateReader reader = new CertificateReader(settings, clock);
        List<X509Certificate> chain = reader.chain();
        return new Shown(new ClientCertificate(key, reader.key(chain.getFirst()), chain));
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
