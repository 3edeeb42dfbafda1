package dev.sluice.gateway.ingress;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signatures of the form {@code sha256=<hex of the HMAC-SHA256 over the raw body>}. */
final class WebhookSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "sha256=";
    private static final int LENGTH = PREFIX.length() + 64;

    private WebhookSignature() {}

    static SecretKeySpec key(byte[] secret) {
        return new SecretKeySpec(secret, ALGORITHM);
    }

    /** Whether the header's value is the body's signature; takes as long for every wrong one of the right form. */
    static boolean matches(@Nullable String value, byte[] body, SecretKeySpec key) {
        return parse(value)
                .map(given -> MessageDigest.isEqual(mac(body, key), given))
                .orElse(false);
    }

    private static Optional<byte[]> parse(@Nullable String value) {
        if (value == null || value.length() != LENGTH || !value.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(value, PREFIX.length(), LENGTH));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] mac(byte[] body, SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
