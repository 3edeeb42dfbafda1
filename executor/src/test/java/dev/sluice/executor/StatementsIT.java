package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.run.RunEngine;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All statements of the executor, with the plans that its connections make for them while tables are empty, and keep. Where
 * a table grows with what is under way, each scan of it goes by an index condition: one that reads all of it costs nothing now,
 * and everything once there are a million rows.
 */
final class StatementsIT {

    private static final Pattern SQL = Pattern.compile("\\s*(with|select|insert|update|delete)\\b.*", Pattern.DOTALL);

    /**
     * A scan of a table that grows, and the line below it in the plan. Partitions for what belongs in no other are empty. Sets
     * of events are left out: what is looked for there is found by two columns of a join, and statistics come soon.
     */
    private static final Pattern SCAN = Pattern.compile(
            "((?:Seq|Index|Index Only|Bitmap Heap) Scan (?:using \\S+ )?on (?:run|(?:run_history|journal|inbox)(?:_\\d+)+|listener|heard"
                    + "|consumed|schedule|large_input)(?: \\w+)?)\\n(.*)");

    @Test
    void readNoTableThatGrowsAsAWhole() throws Exception {
        Map<String, String> statements = statements();
        assertThat(statements).hasSizeGreaterThan(50);
        try (ExecutorDatabase database = new ExecutorDatabase()) {
            Plans.prepare(database);
            assertThat(readAsAWhole(database, statements))
                    .as("with tables that are new")
                    .isEmpty();
            database.sql("analyze");
            assertThat(readAsAWhole(database, statements))
                    .as("with tables that are known to be empty")
                    .isEmpty();
        }
    }

    private static List<String> readAsAWhole(ExecutorDatabase database, Map<String, String> statements) {
        List<String> whole = new ArrayList<>();
        try (Postgres postgres = new Postgres(database.settings())) {
            for (Map.Entry<String, String> statement : statements.entrySet()) {
                Matcher scan = SCAN.matcher(plan(
                        postgres.pool(DatabaseRole.ENGINE), postgres.pool(DatabaseRole.API), statement.getValue()));
                while (scan.find()) {
                    if (!scan.group(2).contains(" Cond: ")) {
                        whole.add(statement.getKey() + ": " + scan.group(1));
                    }
                }
            }
        }
        return whole;
    }

    /** Of the engine's connections, or of the API's where the engine may not. */
    private static String plan(ConnectionPool engine, ConnectionPool api, String statement) {
        try {
            return Plans.planned(engine, statement);
        } catch (R2dbcPermissionDeniedException e) {
            return Plans.planned(api, statement);
        }
    }

    /** The constants of all classes that are SQL about the engine's tables. */
    private static Map<String, String> statements() throws Exception {
        Map<String, String> statements = new TreeMap<>();
        Path classes = Path.of(RunEngine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(path -> path.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String relative = classes.relativize(file).toString();
            String name =
                    relative.substring(0, relative.length() - ".class".length()).replace('/', '.');
            for (Field field :
                    Class.forName(name, false, RunEngine.class.getClassLoader()).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                    field.setAccessible(true);
                    String value = (String) field.get(null);
                    if (value != null
                            && value.contains("workflow.")
                            && SQL.matcher(value).matches()) {
                        statements.put(name.substring(name.lastIndexOf('.') + 1) + "." + field.getName(), value);
                    }
                }
            }
        }
        return statements;
    }
}
