package dev.sluice.shared.export;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows of a table that are exported, and what of them is not.
 *
 * @param name    of the kind, which each of its lines begins with
 * @param table   with its schema
 * @param sql     selects a page in the order of its key: of organization {@code $1}, after the cursor {@code $2} (text[]), at most
 *                {@code $3} rows (int); each column is a member of the line, but {@code cursor} (text[]), which says where to go on.
 *                A page holds no more than about {@value #PAGE_BYTES} bytes, or a single row
 * @param first   the cursor before the first row
 * @param omitted columns that are no part of it: secrets, and what stands elsewhere
 * @param parts   rows that belong to these; their statements take the values of column {@code id} of a page as {@code $4} (uuid[])
 */
public record ExportKind(
        String name, String table, String sql, List<String> first, List<String> omitted, List<ExportKind> parts) {

    /** What statements of rows with payloads keep a page to. */
    public static final int PAGE_BYTES = 1_048_576;

    /** Before all ids. */
    public static final List<String> LEAST_ID = List.of("00000000-0000-0000-0000-000000000000");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,39}");

    public ExportKind {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: " + name + " (expected: letters and dashes, 40 at most)");
        }
        first = List.copyOf(first);
        omitted = List.copyOf(omitted);
        parts = List.copyOf(parts);
    }

    /** Rows with an id of their own, and nothing that belongs to them. */
    public static ExportKind byId(String name, String table, String sql, String... omitted) {
        return new ExportKind(name, table, sql, LEAST_ID, List.of(omitted), List.of());
    }

    /** The same with a key of several columns. */
    public static ExportKind byKey(String name, String table, String sql, List<String> first, String... omitted) {
        return new ExportKind(name, table, sql, first, List.of(omitted), List.of());
    }

    /** The same from elsewhere on. */
    public ExportKind after(List<String> cursor) {
        return new ExportKind(name, table, sql, cursor, omitted, parts);
    }

    /** The same with rows that belong to them. */
    public ExportKind with(ExportKind... theirs) {
        return new ExportKind(name, table, sql, first, omitted, List.of(theirs));
    }
}
