package dev.sluice.shared.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * Runs {@code db/roles.sql} as a superuser. It knows the part of psql's language which that file uses: statements that
 * end a line with a semicolon or {@code \gexec}, {@code \connect}, {@code :'literal'} and {@code :"name"} variables.
 */
final class RolesScript {

    private static final String RESOURCE = "/db/roles.sql";
    private static final String CONNECT = "\\connect ";
    private static final String EXECUTE = "\\gexec";

    private final String server;
    private final String superuser;
    private final String password;

    RolesScript(String host, int port, String superuser, String password) {
        this.server = "jdbc:postgresql://%s:%d/".formatted(host, port);
        this.superuser = superuser;
        this.password = password;
    }

    /** Blocks until all is done. */
    void run(Map<String, String> variables) throws SQLException {
        Connection connection = connect("postgres");
        try {
            for (String statement : statements(substitute(text(), variables))) {
                if (statement.startsWith(CONNECT)) {
                    connection.close();
                    connection = connect(unquote(statement.substring(CONNECT.length())));
                } else {
                    execute(connection, statement);
                }
            }
        } finally {
            connection.close();
        }
    }

    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : script.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("--")) {
                continue;
            }
            current.append(line).append('\n');
            if (line.endsWith(";") || line.endsWith(EXECUTE) || line.startsWith(CONNECT)) {
                statements.add(current.toString().strip());
                current.setLength(0);
            }
        }
        if (!current.isEmpty()) {
            throw new IllegalArgumentException("The last statement has no end: " + current);
        }
        return statements;
    }

    static String substitute(String script, Map<String, String> variables) {
        String result = script;
        for (var variable : variables.entrySet()) {
            String name = variable.getKey();
            String value = variable.getValue();
            result = result.replace(":'" + name + "'", "'" + value.replace("'", "''") + "'")
                    .replace(":\"" + name + "\"", "\"" + value.replace("\"", "\"\"") + "\"");
        }
        return result;
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        if (!statement.endsWith(EXECUTE)) {
            execute(connection, List.of(statement));
            return;
        }
        String query = statement.substring(0, statement.length() - EXECUTE.length());
        List<String> commands = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(query)) {
            while (rows.next()) {
                commands.add(rows.getString(1));
            }
        }
        execute(connection, commands);
    }

    private static void execute(Connection connection, List<String> commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        // A statement that fails is not written to the server's log: it may hold a password.
        properties.setProperty("options", "-c log_min_error_statement=panic");
        return DriverManager.getConnection(server + database, properties);
    }

    private static String unquote(String name) {
        return name.substring(1, name.length() - 1).replace("\"\"", "\"");
    }

    private static String text() {
        try (InputStream resource = Objects.requireNonNull(RolesScript.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new EmbeddedServerException("The program is incomplete: " + RESOURCE + " cannot be read.", e);
        }
    }
}
