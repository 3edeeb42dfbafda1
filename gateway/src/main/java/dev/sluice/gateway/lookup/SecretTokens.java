package dev.sluice.gateway.lookup;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes random secrets. Thread-safe. */
public final class SecretTokens {

    private static final int BYTES = 32;

    private final SecureRandom random;

    /** Seeds the generator, which reads from the operating system: make it at start, not on an event loop. */
    public SecretTokens() {
        try {
            // Unlike the platform's default it does not read a file for each call.
            this.random = SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has DRBG", e);
        }
        this.random.nextBytes(new byte[BYTES]);
    }

    /** A new secret of 256 bits: the prefix and 43 characters of base64url. */
    public String next(String prefix) {
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(BYTES));
    }

    /** So many random bytes. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
