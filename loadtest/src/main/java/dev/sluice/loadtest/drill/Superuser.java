package dev.sluice.loadtest.drill;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.util.retry.Retry;

/** The superuser of one embedded PostgreSQL; a new connection each time, for which it waits its turn. Blocks. */
public record Superuser(int port, String database, String password) {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONG_LIMIT = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

    /** Runs statements one after the other, each in a transaction of its own. */
    public void execute(String... statements) {
        within(connection -> List.of(statements).forEach(connection::run));
    }

    /** The first column of the first row, as text; an exception when there is none. */
    public String ask(String query) {
        String[] answer = new String[1];
        within(connection -> answer[0] = connection.ask(query));
        return answer[0];
    }

    /**
     * All rows of a query, which may take ten minutes.
     *
     * @param binds for {@code $1} and so on
     */
    public <T> List<T> rows(String query, List<?> binds, Function<Readable, T> read) {
        List<T> rows = new ArrayList<>();
        within(connection -> rows.addAll(connection.rows(query, binds, read)));
        return rows;
    }

    /** Does something with one connection. */
    void within(Consumer<Session> work) {
        PostgresqlConnection connection = new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                        .host("127.0.0.1")
                        .port(port)
                        .database(database)
                        .username("postgres")
                        .password(password)
                        .connectTimeout(LIMIT)
                        .build())
                .create()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LAST_PAUSE))
                .blockOptional(LIMIT)
                .orElseThrow();
        try {
            work.accept(new Session(connection));
        } finally {
            connection.close().block(LIMIT);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Superuser[port=" + port + "]";
    }

    /** One connection. */
    record Session(PostgresqlConnection connection) {

        void run(String statement) {
            connection
                    .createStatement(statement)
                    .execute()
                    .concatMap(result -> result.getRowsUpdated())
                    .then()
                    .block(LIMIT);
        }

        <T> List<T> rows(String query, List<?> binds, Function<Readable, T> read) {
            PostgresqlStatement statement = connection.createStatement(query);
            for (int i = 0; i < binds.size(); i++) {
                statement.bind(i, binds.get(i));
            }
            return statement
                    .execute()
                    .concatMap(result -> result.map(read))
                    .collectList()
                    .blockOptional(LONG_LIMIT)
                    .orElseThrow();
        }

        String ask(String query) {
            return connection
                    .createStatement(query)
                    .execute()
                    .concatMap(result -> result.map(row -> String.valueOf(row.get(0))))
                    .collectList()
                    .blockOptional(LIMIT)
                    .orElseThrow()
                    .getFirst();
        }
    }
}
