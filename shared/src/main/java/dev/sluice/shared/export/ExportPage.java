package dev.sluice.shared.export;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one statement gave, in its order. One without rows is the last. */
public record ExportPage(List<Read> rows) {

    /**
     * A row.
     *
     * @param cursor to go on after it
     * @param id     by which others belong to it; absent when none do
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    public record Read(
            byte[] line, List<String> cursor, @Nullable UUID id) {}

    List<byte[]> lines() {
        return rows.stream().map(Read::line).toList();
    }

    List<UUID> ids() {
        return rows.stream().map(Read::id).filter(Objects::nonNull).toList();
    }

    Optional<List<String>> next() {
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().cursor());
    }
}
