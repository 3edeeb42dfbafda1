package dev.sluice.gateway.lookup;

import dev.sluice.shared.id.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The SHA-256 of a random secret, by which it is stored and found. A plain hash is enough since our secrets have 256
 * random bits; nothing can be learnt from how long a lookup by hash takes.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record SecretHash(String hex) {

    /** The hash of a secret. */
    public static SecretHash of(String secret) {
        return new SecretHash(HexFormat.of().formatHex(Ids.sha256().digest(secret.getBytes(StandardCharsets.UTF_8))));
    }

    /** The 32 bytes as they are bound to a statement. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
