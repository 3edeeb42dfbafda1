package dev.sluice.executor.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A node on a database of its own that claims the runs of one organization when the test says so. */
final class ClaimingNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST = 10;

    final ExecutorDatabase database = new ExecutorDatabase();
    final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    final UUID id = Ids.next();
    final ClaimStore claims = new ClaimStore(database.engine());

    ClaimingNode() {
        database.sql(
                "insert into workflow.node (id, name, lease_until) values ('" + id + "', 'n', now() + interval '1 h')");
    }

    /** A run that is due. */
    @CanIgnoreReturnValue
    UUID due(JournalFormat format) {
        UUID run = database.run(organization);
        database.sql("update workflow.run set wake_at = now(), journal_format = " + format.number() + " where id = '"
                + run + "'");
        return run;
    }

    /** Takes what is due. */
    List<ClaimedRun> claim() {
        return claim(JournalFormat.CURRENT, JournalFormat.CURRENT);
    }

    /** Takes what is due as a version that knows some formats and writes another. */
    List<ClaimedRun> claim(JournalFormat known, JournalFormat format) {
        return Objects.requireNonNull(claims.claim(id, known, format, Map.of(organization, MOST), MOST)
                        .block(PATIENCE))
                .runs();
    }

    @Override
    public void close() {
        database.close();
    }
}
