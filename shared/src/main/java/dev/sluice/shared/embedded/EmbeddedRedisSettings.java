package dev.sluice.shared.embedded;

import java.nio.file.Path;

/**
 * How to run the embedded Redis.
 *
 * @param folder   keeps the append-only file between starts; made when it is not there
 * @param binaries where the program is unpacked to; may be shared by several servers
 * @param port     on 127.0.0.1; 0 for any free one
 * @param password of the default user: letters, digits, {@code -} and {@code _}
 */
public record EmbeddedRedisSettings(Path folder, Path binaries, int port, String password) {

    public EmbeddedRedisSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (!password.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("password: (expected: letters, digits, - and _)");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "EmbeddedRedisSettings[folder=%s, binaries=%s, port=%d]".formatted(folder, binaries, port);
    }
}
