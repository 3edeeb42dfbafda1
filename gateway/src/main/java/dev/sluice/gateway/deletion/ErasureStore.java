package dev.sluice.gateway.deletion;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** SQL by which deletions are carried out, of whichever organization; definer functions do it. */
final class ErasureStore {

    private static final String CLAIM = """
            select organization_id, phase, finds
            from identity.claim_deletion($1 * interval '1 second', $2 * interval '1 second')""";

    private static final String ERASE = "select erased, walked from identity.erase($1, $2, $3)";

    private static final String END_STEP = "select identity.end_step($1, $2, $3, $4, $5::jsonb)";

    private static final String REOPEN = "select identity.reopen($1)";

    private static final String FINISH = """
            select parent_id, requested_by, requested_at, counts, entries, head from identity.finish_deletion($1)""";

    private final ConnectionPool api;

    ErasureStore(ConnectionPool api) {
        this.api = api;
    }

    /**
     * A deletion that is this gateway's to go on with, for a while.
     *
     * @param finds whether this round has found anything so far
     */
    record Claim(OrganizationId organization, Phase phase, boolean finds) {}

    /** A part of the walk through all tables, or the rest of it. */
    record Walk(long erased, boolean walked) {}

    /** What is said of an organization that is gone. */
    record Certificate(@Nullable OrganizationId parent, ObjectNode detail) {}

    Mono<Optional<Claim>> claim(Duration lease, Duration pause) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection
                                .createStatement(CLAIM)
                                .bind(0, lease.toSeconds())
                                .bind(1, pause.toSeconds()),
                        ErasureStore::claim));
    }

    /** Empty when another has its turn. */
    Mono<Optional<Walk>> erase(OrganizationId organization, int pages, int rows) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection
                                .createStatement(ERASE)
                                .bind(0, organization.value())
                                .bind(1, pages)
                                .bind(2, rows),
                        row -> new Walk(
                                Columns.required(row, "erased", Long.class),
                                Columns.required(row, "walked", Boolean.class))));
    }

    /** What comes next; nothing changes when another got on with it. */
    Mono<Void> endStep(Claim claim, Phase next, boolean finds, @Nullable JsonNode executorCounts) {
        return Rows.alone(api, connection -> {
            Statement statement = connection
                    .createStatement(END_STEP)
                    .bind(0, claim.organization().value())
                    .bind(1, claim.phase().id())
                    .bind(2, next.id())
                    .bind(3, finds);
            Rows.bind(statement, 4, String.class, executorCounts == null ? null : Json.text(executorCounts));
            return Rows.first(statement, row -> true).then();
        });
    }

    Mono<Void> reopen(OrganizationId organization) {
        return Rows.alone(
                api,
                connection -> Rows.first(connection.createStatement(REOPEN).bind(0, organization.value()), row -> true)
                        .then());
    }

    /** The last of it; empty when it was done. */
    Mono<Optional<Certificate>> finish(Connection connection, OrganizationId organization) {
        return Rows.first(
                connection.createStatement(FINISH).bind(0, organization.value()),
                row -> certificate(row, organization));
    }

    private static Claim claim(Row row) {
        return new Claim(
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Phase.of(Columns.required(row, "phase", String.class)),
                Columns.required(row, "finds", Boolean.class));
    }

    private static Certificate certificate(Row row, OrganizationId organization) {
        UUID parent = row.get("parent_id", UUID.class);
        ObjectNode detail = Json.object();
        detail.put("organization", organization.toString());
        detail.put("requestedBy", Columns.required(row, "requested_by", String.class));
        detail.put(
                "requestedAt",
                Columns.required(row, "requested_at", Instant.class).toString());
        detail.set(
                "rows",
                Json.trusted(Columns.required(row, "counts", String.class).getBytes(StandardCharsets.UTF_8)));
        ObjectNode chain = detail.putObject("audit");
        chain.put("entries", Columns.required(row, "entries", Long.class));
        chain.put("head", hex(Columns.required(row, "head", ByteBuffer.class)));
        return new Certificate(parent == null ? null : new OrganizationId(parent), detail);
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
