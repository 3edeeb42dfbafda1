package dev.sluice.executor.run;

import dev.sluice.shared.id.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What makes two starts the same: the key, per organization and workflow; and what the caller sent, which must then be the
 * same as well.
 */
record Idempotency(ByteBuffer keyHash, ByteBuffer requestHash) {

    static Idempotency of(String key, byte[] body) {
        return new Idempotency(hash(key.getBytes(StandardCharsets.UTF_8)), hash(body));
    }

    private static ByteBuffer hash(byte[] bytes) {
        return ByteBuffer.wrap(Ids.sha256().digest(bytes)).asReadOnlyBuffer();
    }
}
