package dev.sluice.executor;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tables that have an organization, as the catalogue knows them, and a row in each. All methods block. */
public final class TenantRows {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a column of that type cannot be. */
    private static final Map<String, String> VALUES =
            Map.of("run.status", "'waiting'", "run_history.status", "'completed'", "open_set.fixed", "'{}'");

    private static final String TABLES = """
            select n.nspname || '.' || c.relname from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('identity', 'ingress', 'audit', 'delivery')
            order by 1""";

    private static final String COLUMNS = """
            select a.attname || ' ' || format_type(a.atttypid, null) from pg_attribute a
            where a.attrelid = ':table'::regclass and a.attnum > 0 and not a.attisdropped
                and (a.attnotnull and not a.atthasdef or a.atttypid = 'bytea'::regtype)
            order by a.attnum""";

    private final ExecutorDatabase database;

    /** In that database. */
    public TenantRows(ExecutorDatabase database) {
        this.database = database;
    }

    /** Tables of executors with an organization_id, without the partitions of others. */
    public List<String> tables() {
        return query(TABLES);
    }

    /** A row in each table; a table for which that needs more than types tell fails here, and wants a value above. */
    public void fill(OrganizationId organization) {
        UUID definition = Ids.next();
        insert("workflow.definition", organization, definition);
        tables().stream()
                .filter(table -> !table.equals("workflow.definition"))
                .forEach(table -> insert(table, organization, definition));
    }

    /** Rows of an organization, or of all others, in a table. */
    public long count(String table, String condition) {
        return Long.parseLong(database.value("select count(*) from " + table + " where " + condition));
    }

    private void insert(String table, OrganizationId organization, UUID definition) {
        List<String> columns = query(COLUMNS.replace(":table", table));
        List<String> names = columns.stream().map(each -> each.split(" ", 2)[0]).toList();
        List<String> values = columns.stream()
                .map(each -> value(table, each.split(" ", 2)[0], each.split(" ", 2)[1], organization, definition))
                .toList();
        database.sql("insert into " + table + " (" + String.join(", ", names) + ") values (" + String.join(", ", values)
                + ")");
    }

    private static String value(
            String table, String column, String type, OrganizationId organization, UUID definition) {
        String known = VALUES.get(table.substring(table.indexOf('.') + 1) + "." + column);
        if (known != null) {
            return known;
        }
        if (column.equals("organization_id")) {
            return "'" + organization + "'";
        }
        if (column.equals("definition_id") || (table.equals("workflow.definition") && column.equals("id"))) {
            return "'" + definition + "'";
        }
        return switch (type) {
            case "uuid" -> "'" + Ids.next() + "'";
            case "text" -> "'x" + definition + "'";
            case "bytea" -> "convert_to('{\"of\":\"" + organization + "\"}', 'UTF8')";
            case "timestamp with time zone" -> "now()";
            case "date" -> "current_date";
            case "uuid[]" -> "'{}'";
            case "jsonb" -> "'{}'";
            case "boolean" -> "false";
            default -> "1";
        };
    }

    private List<String> query(String sql) {
        try (Closing connection = new Closing(database.connect())) {
            return Objects.requireNonNull(
                    Flux.from(connection.of().createStatement(sql).execute())
                            .concatMap(result -> result.map(TenantRows::text))
                            .collectList()
                            .block(PATIENCE));
        }
    }

    private static String text(Readable row) {
        return Objects.requireNonNull(row.get(0, String.class));
    }

    private record Closing(Connection of) implements AutoCloseable {
        @Override
        public void close() {
            Mono.from(of.close()).block(PATIENCE);
        }
    }
}
