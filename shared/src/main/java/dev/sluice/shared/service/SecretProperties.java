package dev.sluice.shared.service;

import java.util.Base64;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys gateways and executors share, each base64 of 32 bytes.
 *
 * @param crypto    the master key that wraps the organizations' data keys
 * @param assertion the key that identities are signed with
 */
@ConfigurationProperties("sluice")
public record SecretProperties(
        @DefaultValue Crypto crypto, @DefaultValue Assertion assertion) {

    /** One of the keys. */
    public record Crypto(@DefaultValue("") String masterKey) {

        /** The key itself; an exception that names the setting when it is not usable. */
        public byte[] bytes() {
            return decode("sluice.crypto.master-key (SLUICE_MASTER_KEY)", masterKey);
        }

        @Override
        public String toString() {
            return "Crypto[]";
        }
    }

    /** One of the keys. */
    public record Assertion(@DefaultValue("") String key) {

        /** The key itself; an exception that names the setting when it is not usable. */
        public byte[] bytes() {
            return decode("sluice.assertion.key (SLUICE_ASSERTION_KEY)", key);
        }

        @Override
        public String toString() {
            return "Assertion[]";
        }
    }

    private static byte[] decode(String name, String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == 32) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": not base64 (expected: base64 of 32 bytes)", e);
        }
        throw new IllegalArgumentException(name + ": missing or of another length (expected: base64 of 32 bytes)");
    }
}
