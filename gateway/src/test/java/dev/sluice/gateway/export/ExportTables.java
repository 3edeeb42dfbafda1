package dev.sluice.gateway.export;

/** What the kinds of exports say of tables, for tests that look at the catalogue. */
public final class ExportTables {

    private ExportTables() {}

    /** Whether rows of a table are exported. */
    public static boolean exported(String table) {
        return ExportKinds.ALL.stream().anyMatch(kind -> kind.table().equals(table));
    }

    /** Whether a column of it is. */
    public static boolean exported(String table, String column) {
        return ExportKinds.ALL.stream()
                .filter(kind -> kind.table().equals(table))
                .anyMatch(kind -> kind.sql().matches("(?s).*\\b" + column + "\\b.*"));
    }
}
