package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.UUID;

/**
 * Entries of one run on their way to the database, committed in one piece.
 *
 * @param node  the incarnation that claims to own the run
 * @param epoch the claim's number
 */
record JournalRow(UUID runId, OrganizationId organization, UUID node, int epoch, List<Line> lines) {

    JournalRow {
        lines = List.copyOf(lines);
    }

    /** An entry with its payload as it is stored. */
    record Line(Entry entry, EncodedJson payload) {

        static Line of(Entry entry) {
            return new Line(entry, EncodedJson.of(entry.payload()));
        }
    }

    static JournalRow of(UUID runId, OrganizationId organization, UUID node, int epoch, List<Entry> entries) {
        return new JournalRow(
                runId, organization, node, epoch, entries.stream().map(Line::of).toList());
    }

    long bytes() {
        return lines.stream().mapToLong(line -> line.payload().size()).sum();
    }

    Entry last() {
        return lines.getLast().entry();
    }

    int lastSeq() {
        return last().seq();
    }
}
