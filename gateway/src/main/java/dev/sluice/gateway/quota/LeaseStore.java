package dev.sluice.gateway.quota;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.quota.Lease.Ask;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of leases. */
final class LeaseStore {

    private static final String SETTLE =
            "select id, granted, windows from identity.settle_leases($1, $2, $3, $4, $5, $6, $7, $8)";

    private final ConnectionPool api;

    /** On connections of {@code sluice_api}. */
    LeaseStore(ConnectionPool api) {
        this.api = api;
    }

    /**
     * What became of an ask.
     *
     * @param granted beyond what was kept; null when nothing bounds it
     * @param windows that bound it; null when it was only told
     */
    record Answer(@Nullable Long granted, @Nullable String windows) {}

    /** Counts what is kept and grants what can be; by lease, none for those of organizations that are gone. */
    Mono<Map<UUID, Answer>> settle(List<Ask> asks) {
        return Rows.alone(
                api,
                connection -> Rows.all(
                                bind(connection.createStatement(SETTLE), asks),
                                row -> Map.entry(Columns.required(row, "id", UUID.class), answer(row)))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Statement bind(Statement statement, List<Ask> asks) {
        return statement
                .bind(0, column(asks, UUID[]::new, ask -> ask.lease().id()))
                .bind(
                        1,
                        column(
                                asks,
                                UUID[]::new,
                                ask -> ask.lease().organization().value()))
                .bind(2, column(asks, String[]::new, ask -> ask.lease().day().toString()))
                .bind(3, column(asks, String[]::new, ask -> ask.lease().kind().id()))
                .bind(4, column(asks, Long[]::new, Ask::kept))
                .bind(5, column(asks, Long[]::new, Ask::spent))
                .bind(6, column(asks, Long[]::new, Ask::needed))
                .bind(7, column(asks, Long[]::new, Ask::ahead));
    }

    private static Answer answer(Row row) {
        return new Answer(row.get("granted", Long.class), row.get("windows", String.class));
    }

    private static <T> T[] column(List<Ask> asks, IntFunction<T[]> array, Function<Ask, T> value) {
        return asks.stream().map(value).toArray(array);
    }
}
