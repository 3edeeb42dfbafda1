package dev.sluice.shared.outbound;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates that are trusted besides the platform's. Immutable. */
public final class TrustedCertificates {

    /** The platform's alone. */
    public static final TrustedCertificates PLATFORM = new TrustedCertificates(null);

    private final @Nullable TrustManagerFactory trust;

    private TrustedCertificates(@Nullable TrustManagerFactory trust) {
        this.trust = trust;
    }

    /**
     * Those of a file, and the platform's. Blocks; the file is read once.
     *
     * @param file path of a file with one or more certificates in PEM; the platform's alone when it is blank
     * @throws IllegalArgumentException naming the file when it cannot be read or has no certificate
     */
    public static TrustedCertificates in(String file) {
        if (file.isBlank()) {
            return PLATFORM;
        }
        try (InputStream pem = Files.newInputStream(Path.of(file.strip()))) {
            Collection<? extends Certificate> own =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (own.isEmpty()) {
                throw malformed(file, null);
            }
            return new TrustedCertificates(trusting(own));
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw malformed(file, e);
        }
    }

    /** Has connections trust them. */
    void addTo(SslContextBuilder tls) {
        if (trust != null) {
            tls.trustManager(trust);
        }
    }

    /** Whose signatures are believed. */
    List<Certificate> issuers() throws GeneralSecurityException {
        List<Certificate> issuers = new ArrayList<>();
        for (TrustManager manager : (trust == null ? factory(null) : trust).getTrustManagers()) {
            if (manager instanceof X509TrustManager one) {
                issuers.addAll(Arrays.asList(one.getAcceptedIssuers()));
            }
        }
        return issuers;
    }

    private static TrustManagerFactory trusting(Collection<? extends Certificate> own)
            throws GeneralSecurityException, IOException {
        List<Certificate> all = PLATFORM.issuers();
        all.addAll(own);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : all) {
            store.setCertificateEntry(Integer.toString(store.size()), certificate);
        }
        return factory(store);
    }

    /** Of a store, or of the platform's. */
    private static TrustManagerFactory factory(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static IllegalArgumentException malformed(String file, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "sluice.outbound.trusted-certificates: " + file.strip()
                        + " (expected: a file with certificates in PEM)",
                cause);
    }
}
