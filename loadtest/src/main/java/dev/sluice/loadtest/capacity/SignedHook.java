package dev.sluice.loadtest.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An endpoint of source {@code generic-hmac}.
 *
 * @param source of its events
 */
record SignedHook(String path, String secret, String source) {

    /** A delivery of its own, answered with 202. */
    Ask deliver(String payload) {
        return Ask.post(
                path,
                Map.of("Idempotency-Key", UUID.randomUUID().toString(), "X-Signature-256", "sha256=" + hmac(payload)),
                payload,
                202);
    }

    private String hmac(String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }

    /** Without the secret and the address, which is one. */
    @Override
    public String toString() {
        return "SignedHook[source=" + source + "]";
    }
}
