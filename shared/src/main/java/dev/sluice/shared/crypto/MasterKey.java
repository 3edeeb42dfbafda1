package dev.sluice.shared.crypto;

import dev.sluice.shared.id.Ids;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The key that wraps data keys; 32 random bytes that never reach the database. */
public final class MasterKey {

    private static final int BYTES = 32;
    private static final int ID_BYTES = 8;

    private final String id;
    private final AesGcm cipher;

    private MasterKey(byte[] bytes) {
        // The hash names the key without telling anything about it: its input cannot be guessed.
        this.id = HexFormat.of().formatHex(Arrays.copyOf(Ids.sha256().digest(bytes), ID_BYTES));
        this.cipher = new AesGcm(bytes);
    }

    /** Reads the base64 form of 32 bytes; the exception's message never holds the text. */
    public static MasterKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("master key: not base64 (expected: base64 of 32 bytes)", e);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "master key: %d bytes (expected: base64 of 32 bytes)".formatted(bytes.length));
        }
        return new MasterKey(bytes);
    }

    String id() {
        return id;
    }

    AesGcm cipher() {
        return cipher;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "MasterKey[" + id + "]";
    }
}
