package dev.sluice.shared.export;

import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads somebody's rows as lines. Each page is a transaction of its own that ends before any of its lines is emitted: a reader who
 * stalls holds no connection, only a page or two of lines. Pages go by key, so rows that are there all the time are there once; each
 * is as it was when it was read. Cancelling ends it with the page under way. Thread-safe.
 */
public final class Exporter {

    private static final int ROWS = 200;

    private final UUID subject;
    private final PageTransaction transaction;

    /**
     * For whoever a transaction is.
     *
     * @param subject an organization, or a person: what statements take as {@code $1}
     */
    public Exporter(UUID subject, PageTransaction transaction) {
        this.subject = subject;
        this.transaction = transaction;
    }

    /** In transactions of an organization. */
    public static Exporter of(OrganizationId organization, TenantTransactions transactions) {
        return new Exporter(organization.value(), work -> transactions.inTenant(organization, work));
    }

    /** Has a page read in a transaction that shows what the subject may see. */
    @FunctionalInterface
    public interface PageTransaction {
        Mono<ExportPage> run(Function<Connection, Mono<ExportPage>> work);
    }

    /** All lines of some kinds, in that order; each is UTF-8 and ends with its line feed. */
    public Flux<byte[]> lines(List<ExportKind> kinds) {
        return Flux.fromIterable(kinds).concatMap(kind -> lines(kind, null), 0);
    }

    private Flux<byte[]> lines(ExportKind kind, UUID @Nullable [] owners) {
        return page(kind, kind.first(), owners)
                .expand(page ->
                        page.next().map(cursor -> page(kind, cursor, owners)).orElseGet(Mono::empty))
                .concatMap(page -> withParts(kind, page), 1);
    }

    private Flux<byte[]> withParts(ExportKind kind, ExportPage page) {
        Flux<byte[]> own = Flux.fromIterable(page.lines());
        if (kind.parts().isEmpty() || page.lines().isEmpty()) {
            return own;
        }
        UUID[] owners = page.ids().toArray(UUID[]::new);
        return own.concatWith(Flux.fromIterable(kind.parts()).concatMap(part -> lines(part, owners), 0));
    }

    private Mono<ExportPage> page(ExportKind kind, List<String> cursor, UUID @Nullable [] owners) {
        return transaction.run(connection -> Flux.from(
                        statement(connection, kind, cursor, owners).execute())
                .concatMap(result -> result.map((row, metadata) -> read(kind, row, metadata)))
                .collectList()
                .map(ExportPage::new));
    }

    private Statement statement(Connection connection, ExportKind kind, List<String> cursor, UUID @Nullable [] owners) {
        Statement statement = connection
                .createStatement(kind.sql())
                .bind(0, subject)
                .bind(1, cursor.toArray(String[]::new))
                .bind(2, ROWS);
        return owners == null ? statement : statement.bind(3, owners);
    }

    private static ExportPage.Read read(ExportKind kind, Row row, RowMetadata metadata) {
        String[] cursor = Objects.requireNonNull(row.get(ExportLine.CURSOR, String[].class), kind.name());
        UUID id = kind.parts().isEmpty() ? null : Objects.requireNonNull(row.get("id", UUID.class), kind.name());
        return new ExportPage.Read(ExportLine.of(kind.name(), row, metadata), List.of(cursor), id);
    }
}
