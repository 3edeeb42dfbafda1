package dev.sluice.executor.journal;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.UUID;

/**
 * Entries of one run on their way to the database, committed in one piece.
 *
 * @param node  the incarnation that claims to own the run
 * @param epoch the claim's number
 */
record JournalRow(UUID runId, OrganizationId organization, UUID node, int epoch, List<Entry> entries) {

    JournalRow {
        entries = List.copyOf(entries);
    }

    int lastSeq() {
        return entries.getLast().seq();
    }
}
