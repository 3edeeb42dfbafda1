package dev.sluice.executor.authentication;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads certificates and keys in PEM (RFC 7468), keys in PKCS #8 as well as in the older forms of RSA (PKCS #1) and of elliptic
 * curves (RFC 5915). Keys under a passphrase are refused: it would lie beside them, and how long it takes to open one is up to
 * whoever made it. Checks all that would else end as a handshake that fails.
 */
final class CertificateReader {

    private static final int LONGEST_PEM = 64 << 10;
    private static final int MOST_CERTIFICATES = 10;

    /** Larger keys of RSA take the time of many calls for each connection. */
    private static final int MOST_BITS = 8_192;

    private static final String CHAIN = "chain";
    private static final String KEY = "key";

    private final Settings settings;
    private final Clock clock;

    /** Of a policy's {@code chain} and {@code key}; throws {@link AuthenticationException} for all that is wrong with them. */
    CertificateReader(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The client's own certificate, and those that vouch for it. */
    List<X509Certificate> chain() {
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
        Instant end = chain.getFirst().getNotAfter().toInstant();
        if (end.isBefore(clock.instant())) {
            throw settings.wrong(CHAIN, "begins with a certificate that expired at " + end);
        }
        return chain;
    }

    /** The key of the first certificate. */
    PrivateKey key(X509Certificate own) {
        PrivateKey key = objects(KEY).stream()
                .map(this::information)
                .flatMap(List::stream)
                .findFirst()
                .map(this::key)
                .orElseThrow(() -> settings.wrong(KEY, "has no private key in PEM (-----BEGIN PRIVATE KEY-----)"));
        if (!belongs(key, own.getPublicKey())) {
            throw settings.wrong(KEY, "is not the key of the first certificate of 'chain'");
        }
        return key;
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

    private PrivateKey key(PrivateKeyInfo info) {
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        try {
            PrivateKey key =
                    KeyFactory.getInstance(name(algorithm)).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() > MOST_BITS) {
                throw settings.wrong(KEY, "is larger than " + MOST_BITS + " bits");
            }
            return key;
        } catch (IOException | GeneralSecurityException e) {
            throw settings.wrong(KEY, "is no key that can be read");
        }
    }

    private String name(ASN1ObjectIdentifier algorithm) {
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519) || algorithm.equals(EdECObjectIdentifiers.id_Ed448)) {
            return "EdDSA";
        }
        throw settings.wrong(KEY, "is none of RSA, elliptic curves, Ed25519 and Ed448");
    }

    /** What is signed by one of a pair is verified by the other. */
    private boolean belongs(PrivateKey key, PublicKey other) {
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(challenge);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(other);
            verifying.update(challenge);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
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
