package dev.sluice.loadtest.compare;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedServerException;
import dev.sluice.shared.postgres.DatabaseRole;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * An empty PostgreSQL of the kind Sluice embeds, with fsync on, for one peer. It is the {@link Children}'s to stop.
 *
 * @param password of the superuser {@code postgres}
 * @param database its counters
 */
record PeerPostgres(EmbeddedPostgresServer server, String password, PeerDatabase database) {

    /** Starts it over the peer's emptied folder {@code store}; blocks. */
    static PeerPostgres start(Workshop workshop, String peer, int port) {
        String password = UUID.randomUUID().toString();
        Path store = workshop.emptied(peer, "store");
        var settings = new EmbeddedPostgresSettings(store, workshop.of("binaries"), port, true, password, passwords());
        try {
            EmbeddedPostgresServer server = workshop.children().keep(EmbeddedPostgresServer.start(settings));
            PeerDatabase database = workshop.children()
                    .keep(PeerDatabase.connect(server.port(), password, server.pid(), store.resolve("postgres.log")));
            return new PeerPostgres(server, password, database);
        } catch (EmbeddedServerException e) {
            throw new CompareFailure(peer + " has no database: " + e.getMessage(), e);
        }
    }

    private static Map<DatabaseRole, String> passwords() {
        return Arrays.stream(DatabaseRole.values())
                .collect(
                        Collectors.toMap(role -> role, role -> UUID.randomUUID().toString()));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "PeerPostgres[port=%d]".formatted(server.port());
    }
}
