package dev.sluice.shared.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) under one key. Sealed form: version 1 (one byte), random nonce (12 bytes), ciphertext, tag
 * (16 bytes). Thread-safe; short enough for an event loop.
 */
final class AesGcm {

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKeySpec key;

    AesGcm(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    byte[] seal(byte[] clear, byte[] associated, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, associated).doFinal(clear);
            return ByteBuffer.allocate(OVERHEAD + clear.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-256-GCM", e);
        }
    }

    /** Fails with an {@link UnopenableException} when the bytes were not sealed with this key and associated data. */
    byte[] open(byte[] sealed, byte[] associated) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new UnopenableException();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
        int start = 1 + NONCE_BYTES;
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, associated).doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException e) {
            throw new UnopenableException();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-256-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }
}
