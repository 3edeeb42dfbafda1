package dev.sluice.shared.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Identifiers: UUID version 7 (RFC 9562, section 5.7), so that they sort by time of creation. Thread-safe and
 * non-blocking.
 */
public final class Ids {

    /** Milliseconds in the upper 48 bits, a counter below: ids of one process never go backwards. */
    private static final AtomicLong LAST = new AtomicLong();

    /** Never used itself: a copy is there without asking which provider is to be had, and whether it may be. */
    private static final MessageDigest SHA_256 = unused();

    private Ids() {}

    /** A new id, greater than every id this process made before. */
    public static UUID next() {
        long now = System.currentTimeMillis() << 12;
        long tick = LAST.updateAndGet(last -> Math.max(last + 1, now));
        return version7(
                tick >>> 12, (int) (tick & 0xFFF), ThreadLocalRandom.current().nextLong());
    }

    /**
     * The id that belongs to a source: the same for the same time and parts, on every node. Parts are hashed with their
     * lengths, so {@code ("ab", "c")} differs from {@code ("a", "bc")}.
     */
    public static UUID derived(Instant time, String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return version7(time.toEpochMilli(), hash.getShort() & 0xFFF, hash.getLong());
    }

    /** The time a version 7 id carries, to the millisecond. */
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /** Reads an id as it stands in a path; empty when it is not a UUID in its canonical form. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A fresh SHA-256 digest. */
    public static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The digests of every Java platform can be copied", e);
        }
    }

    private static MessageDigest unused() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static UUID version7(long millis, int sequence, long random) {
        return new UUID(millis << 16 | 0x7000 | sequence, random >>> 2 | 0x8000_0000_0000_0000L);
    }
}
