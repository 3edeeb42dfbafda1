package dev.sluice.executor.authentication;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.outbound.ClientCertificate;
import dev.sluice.shared.tenancy.OrganizationId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads certificates and keys in PEM (RFC 7468), keys in PKCS #8 as well as in the older forms of RSA (PKCS #1) and of elliptic
 * curves (RFC 5915). Keys under a passphrase are refused: it would lie beside them, and how long it takes to open one is up to
 * whoever made it. Throws {@link AuthenticationException} for all that is wrong with a policy's {@code chain} and {@code key} and would
 * else be seen as a handshake that fails, for whatever reason.
 */
final class CertificateReader {

    private static final int LONGEST_PEM = 64 << 10;
    private static final int MOST_CERTIFICATES = 10;
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final String CHAIN = "chain";
    private static final String KEY = "key";

    private final Settings settings;
    private final Clock clock;

    CertificateReader(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What an organization shows. Takes some milliseconds of the calling thread. */
    ClientCertificate read(OrganizationId organization) {
        List<X509Certificate> chain = chain();
        PrivateKey key = key(chain.getFirst());
        try {
            MessageDigest digest = Ids.sha256();
            for (X509Certificate certificate : chain) {
                digest.update(certificate.getEncoded());
            }
            String id = HexFormat.of().formatHex(digest.digest(key.getEncoded()));
            return new ClientCertificate(organization.toString(), id, key, chain);
        } catch (GeneralSecurityException e) {
            throw settings.wrong(CHAIN, "has a certificate that cannot be read");
        }
    }

    /** The client's own certificate, and those that vouch for it. */
    private List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>();
        for (Object object : objects(CHAIN)) {
            if (object instanceof X509CertificateHolder holder) {
                chain.add(certificate(holder));
            }
        }
        if (chain.isEmpty()) {
            throw settings.wrong(CHAIN, "has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        if (chain.size() > MOST_CERTIFICATES) {
            throw settings.wrong(CHAIN, "has more than " + MOST_CERTIFICATES + " certificates");
        }
        chain.forEach(this::requireValid);
        return chain;
    }

    private void requireValid(X509Certificate certificate) {
        Instant now = clock.instant();
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            throw settings.wrong(CHAIN, "has a certificate that expired at " + end);
        }
        if (begin.isAfter(now.plus(SKEW))) {
            throw settings.wrong(CHAIN, "has a certificate that is not valid before " + begin);
        }
    }

    private PrivateKey key(X509Certificate own) {
        PrivateKeyInfo info = objects(KEY).stream()
                .flatMap(object -> information(object).stream())
                .findFirst()
                .orElseThrow(() -> settings.wrong(KEY, "has no private key in PEM (-----BEGIN PRIVATE KEY-----)"));
        try {
            PrivateKey key = PrivateKeys.of(info);
            if (!PrivateKeys.isPair(key, own.getPublicKey())) {
                throw settings.wrong(KEY, "is not the key of the first certificate of 'chain'");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw settings.wrong(KEY, "cannot be used: " + e.getMessage());
        }
    }

    private List<PrivateKeyInfo> information(Object object) {
        return switch (object) {
            case PrivateKeyInfo info -> List.of(info);
            case PEMKeyPair pair -> List.of(pair.getPrivateKeyInfo());
            case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted();
            case PEMEncryptedKeyPair encrypted -> throw encrypted();
            default -> List.of();
        };
    }

    private AuthenticationException encrypted() {
        return settings.wrong(KEY, "is under a passphrase; secrets are encrypted, so store it without one");
    }

    private X509Certificate certificate(X509CertificateHolder holder) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw settings.wrong(CHAIN, "has a certificate that cannot be read");
        }
    }

    private List<Object> objects(String name) {
        String pem = settings.required(name);
        if (pem.length() > LONGEST_PEM) {
            throw settings.wrong(name, "is longer than " + LONGEST_PEM + " characters");
        }
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IOException | RuntimeException e) {
            throw settings.wrong(name, "is no PEM that can be read");
        }
        return objects;
    }
}
