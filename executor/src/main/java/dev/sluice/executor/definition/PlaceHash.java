package dev.sluice.executor.definition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hash of what a task is and where it stands. It is written to journals, so it never changes. */
final class PlaceHash {

    private PlaceHash() {}

    /** The first four bytes of the SHA-256 of type, line feed, reference. */
    static int of(String type, String reference) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest((type + '\n' + reference).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
