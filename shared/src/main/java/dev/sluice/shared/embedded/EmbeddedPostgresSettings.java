package dev.sluice.shared.embedded;

import dev.sluice.shared.postgres.DatabaseRole;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/**
 * How to run the embedded PostgreSQL.
 *
 * @param folder            keeps the data between starts; made when it is not there
 * @param binaries          where the programs are unpacked to; may be shared by several servers
 * @param port              on 127.0.0.1; 0 for any free one
 * @param durable           whether commits reach the disk; false only for tests
 * @param superuserPassword of the login {@code postgres}; a folder keeps the one it was made with
 * @param passwords         of all four logins; set anew at each start
 */
public record EmbeddedPostgresSettings(
        Path folder,
        Path binaries,
        int port,
        boolean durable,
        String superuserPassword,
        Map<DatabaseRole, String> passwords) {

    public EmbeddedPostgresSettings {
        passwords = Map.copyOf(passwords);
        if (!passwords.keySet().equals(EnumSet.allOf(DatabaseRole.class))) {
            throw new IllegalArgumentException("passwords: for " + passwords.keySet() + " (expected: for all roles)");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (superuserPassword.isBlank()
                || new EnumMap<>(passwords).values().stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("passwords: blank (expected: random)");
        }
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "EmbeddedPostgresSettings[folder=%s, binaries=%s, port=%d, durable=%s]"
                .formatted(folder, binaries, port, durable);
    }
}
