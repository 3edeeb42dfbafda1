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
 * @param bytes of all payloads and events
 */
record JournalRow(UUID runId, OrganizationId organization, UUID node, int epoch, List<Line> lines, long bytes) {

    JournalRow {
        lines = List.copyOf(lines);
    }

    /**
     * An entry with its payload as it is stored.
     *
     * @param stored events that are stored with it
     */
    record Line(Entry entry, EncodedJson payload, List<Stored> stored) {

        static Line of(Noted noted) {
            return new Line(noted.entry(), EncodedJson.of(noted.entry().payload()), Stored.with(noted));
        }

        private long bytes() {
            return payload.size()
                    + stored.stream()
                            .mapToLong(event -> event.envelope().size())
                            .sum();
        }
    }

    /** The entries in their order, in rows of at most so many bytes, or of one entry that has more. */
    static List<JournalRow> of(
            UUID runId, OrganizationId organization, UUID node, int epoch, List<Noted> entries, long maxBytes) {
        List<JournalRow> rows = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        long bytes = 0;
        for (Noted noted : entries) {
            Line line = Line.of(noted);
            if (!lines.isEmpty() && bytes + line.bytes() > maxBytes) {
                rows.add(new JournalRow(runId, organization, node, epoch, lines, bytes));
                lines.clear();
                bytes = 0;
            }
            lines.add(line);
            bytes += line.bytes();
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
