package dev.sluice.shared.postgres;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes inside an array parameter. The driver (r2dbc-postgresql 1.1.1) loses the backslashes of a {@code bytea[]}, so such
 * columns go as {@code text[]} and come to themselves in the statement: {@code decode(t.payload, 'base64')}.
 */
public final class Bytea {

    private Bytea() {}

    /** The element for some bytes; null stays null. */
    public static @Nullable String element(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }
}
