package dev.sluice.gateway.quota;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.quota.UsageReports.Outcome;
import dev.sluice.gateway.quota.UsageReports.Reported;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of reports, many in one statement, which is a transaction by itself. */
final class UsageStore implements GroupCommit.Flush<UsageReport, Reported> {

    private static final String REPORT = "select id, outcome, windows from identity.report_usage($1, $2, $3, $4, $5)";

    private static final String COUNTED = "select f.id from identity.find_usage_reports($1) as f(id)";

    private static final long BYTES = 200;

    private final ConnectionPool api;

    /** On connections of {@code sluice_api}. */
    UsageStore(ConnectionPool api) {
        this.api = api;
    }

    @Override
    public long bytes(UsageReport report) {
        return BYTES;
    }

    @Override
    public Mono<List<Reported>> write(List<UsageReport> batch) {
        return onConnection(connection -> Rows.all(
                        bind(connection.createStatement(REPORT), batch),
                        row -> Map.entry(Columns.required(row, "id", UUID.class), reported(row)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
                .map(found -> batch.stream().map(report -> of(report, found)).toList()));
    }

    /** Of those that were not counted nobody knows why; they are reported again. */
    @Override
    public Mono<List<Optional<Reported>>> readBack(List<UsageReport> batch) {
        return onConnection(connection -> Rows.all(
                        connection.createStatement(COUNTED).bind(0, column(batch, UUID[]::new, UsageReport::id)),
                        row -> Columns.required(row, "id", UUID.class))
                .collect(Collectors.toUnmodifiableSet())
                .map(counted ->
                        batch.stream().map(report -> counted(report, counted)).toList()));
    }

    private static Optional<Reported> counted(UsageReport report, Set<UUID> counted) {
        return counted.contains(report.id()) ? Optional.of(new Reported(Outcome.COUNTED, List.of())) : Optional.empty();
    }

    private <T> Mono<T> onConnection(Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(api.create(), work, Connection::close);
    }

    private static Statement bind(Statement statement, List<UsageReport> batch) {
        return statement
                .bind(0, column(batch, UUID[]::new, UsageReport::id))
                .bind(
                        1,
                        column(
                                batch,
                                UUID[]::new,
                                report -> report.organization().value()))
                .bind(2, column(batch, String[]::new, report -> report.day().toString()))
                .bind(3, column(batch, Long[]::new, UsageReport::tokens))
                .bind(4, column(batch, String[]::new, UsageReport::keyHash));
    }

    /** An organization that is gone has none. */
    private static Reported of(UsageReport report, Map<UUID, Reported> found) {
        Reported reported = found.get(report.id());
        if (reported == null) {
            throw SluiceException.notFound("The organization");
        }
        return reported;
    }

    private static Reported reported(Row row) {
        return new Reported(
                Outcome.of(Columns.required(row, "outcome", String.class)),
                Window.all(Columns.required(row, "windows", String.class)));
    }

    private static <T> @Nullable T[] column(
            List<UsageReport> rows,
            IntFunction<@Nullable T[]> array,
            Function<? super UsageReport, ? extends @Nullable T> value) {
        return rows.stream().<@Nullable T>map(value).toArray(array);
    }
}
