package dev.sluice.gateway.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The meters of the certificate that the door shows: {@code sluice.tls.expiry}, in how many seconds it ends, and
 * {@code sluice.tls.reloads}, how often a new one was taken without a restart. A new one that cannot be read leaves the former one
 * where it is, and is in the log. Thread-safe.
 */
public final class CertificateMeter {

    private final Clock clock;
    private final Counter reloads;
    private volatile @Nullable Instant end;

    private CertificateMeter(SslBundle first, MeterRegistry registry, Clock clock) {
        this.clock = clock;
        this.end = end(first);
        this.reloads = Counter.builder("sluice.tls.reloads")
                .description("New certificates that were taken without a restart")
                .register(registry);
        Gauge.builder("sluice.tls.expiry", this, CertificateMeter::secondsLeft)
                .description("Until the certificate that is shown ends")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    /** Of the bundle of this name, from now on; in front of those who use it, who hear of nothing that cannot be read. Blocks. */
    public static void watch(SslBundles bundles, String name, MeterRegistry registry, Clock clock) {
        CertificateMeter meter = new CertificateMeter(bundles.getBundle(name), registry, clock);
        bundles.addBundleUpdateHandler(name, meter::changed);
    }

    private void changed(SslBundle bundle) {
        end = end(bundle);
        reloads.increment();
    }

    private double secondsLeft() {
        Instant known = end;
        return known == null
                ? Double.NaN
                : Duration.between(clock.instant(), known).toSeconds();
    }

    /** The first that ends; null where nobody can tell. */
    private static @Nullable Instant end(SslBundle bundle) {
        KeyStore store = bundle.getStores().getKeyStore();
        try {
            return store == null
                    ? null
                    : Collections.list(store.aliases()).stream()
                            .flatMap(alias -> end(store, alias))
                            .min(Comparator.naturalOrder())
                            .orElse(null);
        } catch (KeyStoreException e) {
            throw new IllegalStateException("The certificates of a bundle cannot be read.", e);
        }
    }

    private static Stream<Instant> end(KeyStore store, String alias) {
        try {
            return Optional.ofNullable(store.getCertificate(alias)).stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(certificate ->
                            ((X509Certificate) certificate).getNotAfter().toInstant());
        } catch (KeyStoreException e) {
            throw new IllegalStateException("The certificates of a bundle cannot be read.", e);
        }
    }
}
