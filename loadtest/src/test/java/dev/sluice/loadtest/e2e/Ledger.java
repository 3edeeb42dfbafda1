package dev.sluice.loadtest.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import reactor.core.publisher.Flux;

/** What the database knows of a node's runs. Blocks. */
final class Ledger implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String LIVE = """
            select count(*) from workflow.run r join workflow.node n on n.id = r.node where n.name = $1
            """;

    /** Kind 1 is a call that completed. */
    private static final String JOURNALED = """
            select j.run_id, j.path from workflow.journal j
            join workflow.run r on r.id = j.run_id join workflow.node n on n.id = r.node
            where n.name = $1 and j.kind = 1
            """;

    private final Postgres postgres;
    private final byte[] masterKey;

    Ledger(PostgresSettings settings, byte[] masterKey) {
        this.postgres = new Postgres(settings);
        this.masterKey = masterKey.clone();
    }

    /** How many runs a node owns. */
    long liveRuns(String node) {
        return query(LIVE, node, row -> Objects.requireNonNull(row.get(0, Long.class)))
                .getFirst();
    }

    /** The idempotency keys of the completed calls that stand in the journals of a node's live runs. */
    List<String> journaledKeys(String node) {
        return query(
                JOURNALED,
                node,
                row -> key(
                        Objects.requireNonNull(row.get(0, UUID.class)),
                        Objects.requireNonNull(row.get(1, String.class))));
    }

    @Override
    public void close() {
        postgres.close();
    }

    /** HMAC over run, generation 0 and path, as upstreams have come to know it. */
    private String key(UUID run, String path) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(masterKey, "HmacSHA256"));
            mac.update(ByteBuffer.allocate(20)
                    .putLong(run.getMostSignificantBits())
                    .putLong(run.getLeastSignificantBits())
                    .putInt(0)
                    .flip());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(path.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> List<T> query(String sql, String node, Function<Readable, T> read) {
        return Flux.usingWhen(
                        postgres.pool(DatabaseRole.ENGINE).create(),
                        connection -> Flux.from(connection
                                        .createStatement(sql)
                                        .bind(0, node)
                                        .execute())
                                .concatMap(result -> result.map(read)),
                        Connection::close)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }
}
