package dev.sluice.shared.postgres;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Appends to a real table that refuses negative amounts and ids it has; the result is the item's id. */
final class ItemTable implements GroupCommit.Flush<ItemTable.Item, Long> {

    private static final String INSERT =
            "insert into drill.item (id, amount) select * from unnest($1::bigint[], $2::int[])";

    private static final String STORED = "select id from drill.item where id = any($1::bigint[])";

    private final ConnectionPool pool;

    ItemTable(ConnectionPool pool) {
        this.pool = pool;
    }

    record Item(long id, int amount) {

        static Item good(long id) {
            return new Item(id, 1);
        }

        static Item bad(long id) {
            return new Item(id, -1);
        }
    }

    /** Blocks. */
    static void create(PostgresSettings database) {
        Sql.execute(
                database,
                DatabaseRole.MIGRATE,
                "create schema drill",
                "create table drill.item (id bigint primary key, amount int not null check (amount >= 0))",
                "grant usage on schema drill to sluice_api",
                "grant select, insert on drill.item to sluice_api");
    }

    /** The ids in the table. Blocks. */
    static Set<Long> ids(PostgresSettings database) {
        return Sql.column(database, DatabaseRole.MIGRATE, "select id from drill.item").stream()
                .map(Long::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public long bytes(Item item) {
        return Long.BYTES;
    }

    @Override
    public Mono<List<Long>> write(List<Item> batch) {
        return onConnection(connection -> insert(connection, batch)).thenReturn(ids(batch));
    }

    @Override
    public Mono<List<Optional<Long>>> readBack(List<Item> batch) {
        return onConnection(connection -> stored(connection, batch))
                .map(stored -> ids(batch).stream()
                        .map(id -> Optional.of(id).filter(stored::contains))
                        .toList());
    }

    private <T> Mono<T> onConnection(Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(pool.create(), work, Connection::close);
    }

    private static Mono<Long> insert(Connection connection, List<Item> batch) {
        Statement insert = connection
                .createStatement(INSERT)
                .bind(0, ids(batch).toArray(Long[]::new))
                .bind(1, batch.stream().map(Item::amount).toArray(Integer[]::new));
        return Flux.from(insert.execute())
                .concatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum);
    }

    private static Mono<Set<Long>> stored(Connection connection, List<Item> batch) {
        Statement select = connection.createStatement(STORED).bind(0, ids(batch).toArray(Long[]::new));
        return Flux.from(select.execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Long.class))))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<Long> ids(List<Item> batch) {
        return batch.stream().map(Item::id).toList();
    }
}
