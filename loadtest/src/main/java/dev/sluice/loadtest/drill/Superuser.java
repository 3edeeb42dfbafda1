package dev.sluice.loadtest.drill;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The superuser of one embedded PostgreSQL; a new connection each time. Blocks. */
record Superuser(int port, String database, String password) {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Runs statements one after the other, each in a transaction of its own. */
    void execute(String... statements) {
        within(connection -> List.of(statements).forEach(connection::run));
    }

    /** The first column of the first row, as text; an exception when there is none. */
    String ask(String query) {
        String[] answer = new String[1];
        within(connection -> answer[0] = connection.ask(query));
        return answer[0];
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
            Flux.from(connection.createStatement(statement).execute())
                    .concatMap(result -> result.getRowsUpdated())
                    .then()
                    .block(LIMIT);
        }

        String ask(String query) {
            return Mono.from(connection.createStatement(query).execute())
                    .flatMapMany(result -> result.map(row -> String.valueOf(row.get(0))))
                    .collectList()
                    .blockOptional(LIMIT)
                    .orElseThrow()
                    .getFirst();
        }
    }
}
