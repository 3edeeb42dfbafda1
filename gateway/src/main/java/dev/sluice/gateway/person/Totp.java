package dev.sluice.gateway.person;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.sluice.gateway.lookup.SecretTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/** One-time passwords by time (RFC 6238) as all authenticator apps make them: SHA-1, six digits, 30 seconds. Thread-safe. */
public final class Totp {

    /** As long as a hash, which is what RFC 4226, section 4, asks for. */
    private static final int SECRET_BYTES = 20;

    /** A clock that goes wrong by so many steps is put up with (RFC 6238, section 5.2). */
    private static final int SKEW = 1;

    private final TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator();
    private final SecretTokens tokens;

    /** With secrets from there. */
    public Totp(SecretTokens tokens) {
        this.tokens = tokens;
    }

    /** A new secret. */
    public byte[] secret() {
        return tokens.bytes(SECRET_BYTES);
    }

    /** As people type it into an app. */
    public static String text(byte[] secret) {
        return Base32.toBase32String(secret);
    }

    /** As an app reads it from a picture. */
    public static String uri(byte[] secret, Email email) {
        return "otpauth://totp/Sluice:" + URLEncoder.encode(email.value(), StandardCharsets.UTF_8) + "?secret="
                + text(secret) + "&issuer=Sluice";
    }

    /** The step of time whose code this is; empty when it is none of those around now. */
    public OptionalLong step(byte[] secret, String code, Instant now) {
        long current = now.toEpochMilli() / generator.getTimeStep().toMillis();
        OptionalLong found = OptionalLong.empty();
        for (long step = current - SKEW; step <= current + SKEW; step++) {
            if (same(code, code(secret, step))) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    private String code(byte[] secret, long step) {
        try {
            return generator.generateOneTimePasswordString(
                    new SecretKeySpec(secret, generator.getAlgorithm()),
                    Instant.ofEpochMilli(step * generator.getTimeStep().toMillis()));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a secret of " + secret.length + " bytes (expected: a key)", e);
        }
    }

    private static boolean same(String given, String code) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
    }
}
