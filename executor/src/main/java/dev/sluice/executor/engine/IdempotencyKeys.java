package dev.sluice.executor.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The {@code Idempotency-Key} of outgoing calls: HMAC-SHA256 over run, generation and path. The path counts attempts, so
 * an attempt after a known outcome has its own key; {@link Unresolved} sees to it that one after an unknown outcome keeps
 * the former. One that an operator asks for after a known outcome has a number in its path too ({@link Retries}).
 * Thread-safe.
 */
public final class IdempotencyKeys {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    /** Keys made with a secret, which all executors share. */
    public IdempotencyKeys(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    String of(RunFacts facts, Position at) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(ByteBuffer.allocate(20)
                    .putLong(facts.id().getMostSignificantBits())
                    .putLong(facts.id().getLeastSignificantBits())
                    .putInt(facts.generation())
                    .flip());
            byte[] hash = mac.doFinal(at.path().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
