package dev.sluice.shared.crypto;

/**
 * An organization's data key as it is stored: sealed with a master key.
 *
 * @param masterKeyId which master key opens it, so that the master key can be rotated
 * @param bytes       the sealed key; not copied, treat it as read-only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; it only travels between the vault and a store
public record WrappedKey(String masterKeyId, byte[] bytes) {

    /** Without the bytes. */
    @Override
    public String toString() {
        return "WrappedKey[masterKeyId=" + masterKeyId + "]";
    }
}
