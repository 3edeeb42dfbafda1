package dev.sluice.gateway.mail;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The server that messages are handed to.
 *
 * @param host     its name; empty for none, and no messages
 * @param tls      what protects the way there
 * @param user     empty to give no name
 * @param password of the user
 * @param from     the address that messages come from
 */
@Validated
@ConfigurationProperties("sluice.mail")
public record MailSettings(
        @DefaultValue("") String host,
        @DefaultValue("587") @Positive @Max(65535) int port,
        @DefaultValue("starttls") @NotNull Tls tls,
        @DefaultValue("") String user,
        @DefaultValue("") String password,
        @DefaultValue("") String from) {

    public MailSettings {
        if (!host.isEmpty() && !from.contains("@")) {
            throw new IllegalArgumentException("from: '" + from + "' (expected: an address, since there is a host)");
        }
        if (user.isEmpty() != password.isEmpty()) {
            throw new IllegalArgumentException("user, password: one of them is missing (expected: both, or none)");
        }
        if (!user.isEmpty() && tls == Tls.NONE) {
            throw new IllegalArgumentException("tls: none (expected: starttls or implicit, since there is a password)");
        }
    }

    /** What protects the way to the server. */
    public enum Tls {
        /** Begins in clear and goes on only if TLS does (RFC 3207). */
        STARTTLS,
        /** From the first byte on (RFC 8314), mostly at port 465. */
        IMPLICIT,
        /** Nothing: for a server on the same machine. */
        NONE
    }

    boolean isOn() {
        return !host.isEmpty();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MailSettings[" + host + ":" + port + ", " + tls + "]";
    }
}
