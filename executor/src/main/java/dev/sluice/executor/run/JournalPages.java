package dev.sluice.executor.run;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;

/** SQL by which an organization looks at a run's journal. Row-level security applies. */
final class JournalPages {

    /** What is too large is not even read. */
    private static final String PAGE = """
            select seq, kind, path, task_type, place_hash, at, coalesce(octet_length(payload), 0) as size,
                case when octet_length(payload) <= $5 then payload end as payload
            from workflow.journal
            where run_id = $1 and organization_id = $2 and seq > $3 order by seq limit $4
            """;

    private final TenantTransactions transactions;

    JournalPages(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /** The entries of a run after a sequence number, in order. */
    Flux<JournalLine> after(OrganizationId organization, UUID runId, int seq, int limit) {
        return transactions.manyInTenant(
                organization,
                connection -> Flux.from(connection
                                .createStatement(PAGE)
                                .bind(0, runId)
                                .bind(1, organization.value())
                                .bind(2, seq)
                                .bind(3, limit)
                                .bind(4, JournalLine.MAX_PAYLOAD)
                                .execute())
                        .concatMap(result -> result.map(JournalPages::line)));
    }

    private static JournalLine line(Readable row) {
        byte[] payload = row.get("payload", byte[].class);
        return new JournalLine(
                Objects.requireNonNull(row.get("seq", Integer.class)),
                EntryKind.ofCode(Objects.requireNonNull(row.get("kind", Integer.class))),
                Objects.requireNonNull(row.get("path", String.class)),
                Objects.requireNonNull(row.get("task_type", String.class)),
                Objects.requireNonNull(row.get("place_hash", Integer.class)),
                Objects.requireNonNull(row.get("at", Instant.class)),
                Objects.requireNonNull(row.get("size", Integer.class)),
                payload == null ? null : Json.trusted(payload));
    }
}
