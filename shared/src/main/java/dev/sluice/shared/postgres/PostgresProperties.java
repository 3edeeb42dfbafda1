package dev.sluice.shared.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The configuration {@code sluice.postgres.*} of a service; pass {@link #settings} on, not this.
 *
 * @param url              {@value PostgresAddress#FORM}, without credentials
 * @param migrate          login sluice_migrate; absent where the process does not hold it, as for the others
 * @param poolSize         connections per login
 * @param acquireTimeout   how long a caller waits for a connection
 * @param statementTimeout after which the server cancels a statement
 */
@ConfigurationProperties("sluice.postgres")
@Validated
public record PostgresProperties(
        @DefaultValue("postgresql://127.0.0.1:5432/sluice") URI url,
        @DefaultValue Login migrate,
        @DefaultValue Login api,
        @DefaultValue Login ingest,
        @DefaultValue Login engine,
        @DefaultValue("16") @Min(1) @Max(1000) int poolSize,
        @DefaultValue("3s") Duration acquireTimeout,
        @DefaultValue("10s") Duration statementTimeout) {

    /** A login's password; blank counts as absent. */
    public record Login(@Nullable String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Login[]";
        }
    }

    /** The values in the form the rest of Sluice takes. */
    public PostgresSettings settings() {
        Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
        put(passwords, DatabaseRole.MIGRATE, migrate);
        put(passwords, DatabaseRole.API, api);
        put(passwords, DatabaseRole.INGEST, ingest);
        put(passwords, DatabaseRole.ENGINE, engine);
        return new PostgresSettings(url, passwords, poolSize, acquireTimeout, statementTimeout);
    }

    private static void put(Map<DatabaseRole, String> passwords, DatabaseRole role, Login login) {
        String password = login.password();
        if (password != null && !password.isBlank()) {
            passwords.put(role, password);
        }
    }
}
