package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Entries of one run on their way to the database, committed in one piece.
 *
 * @param node  the incarnation that claims to own the run
 * @param epoch the claim's number
 * @param bytes of all payloads
 */
record JournalRow(UUID runId, OrganizationId organization, UUID node, int epoch, List<Line> lines, long bytes) {

    JournalRow {
        lines = List.copyOf(lines);
    }

    /** An entry with its payload as it is stored. */
    record Line(Entry entry, EncodedJson payload) {

        static Line of(Entry entry) {
            return new Line(entry, EncodedJson.of(entry.payload()));
        }
    }

    /** The entries in their order, in rows of at most so many bytes, or of one entry that has more. */
    static List<JournalRow> of(
            UUID runId, OrganizationId organization, UUID node, int epoch, List<Entry> entries, long maxBytes) {
        List<JournalRow> rows = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : entries) {
            Line line = Line.of(entry);
            if (!lines.isEmpty() && bytes + line.payload().size() > maxBytes) {
                rows.add(new JournalRow(runId, organization, node, epoch, lines, bytes));
                lines.clear();
                bytes = 0;
            }
            lines.add(line);
            bytes += line.payload().size();
        }
        rows.add(new JournalRow(runId, organization, node, epoch, lines, bytes));
        return rows;
    }

    Entry last() {
        return lines.getLast().entry();
    }

    int lastSeq() {
        return last().seq();
    }
}
