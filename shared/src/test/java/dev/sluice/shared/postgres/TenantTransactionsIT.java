package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** With one connection, so that whatever one user leaves on it meets the next. */
@Timeout(60)
final class TenantTransactionsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String INSERT = "insert into drill.note (organization_id, text) values ($1, $2)";

    private final OrganizationId a = new OrganizationId(UUID.randomUUID());
    private final OrganizationId b = new OrganizationId(UUID.randomUUID());
    private PostgresSettings database;
    private Postgres postgres;
    private ConnectionPool pool;
    private TenantTransactions transactions;

    @BeforeEach
    void createTable() {
        PostgresSettings fresh = TestPostgres.freshDatabase();
        database =
                new PostgresSettings(fresh.url(), fresh.passwords(), 1, Duration.ofSeconds(10), Duration.ofSeconds(30));
        Sql.execute(
                database,
                DatabaseRole.MIGRATE,
                "create schema drill",
                "create table drill.note (organization_id uuid not null, text text not null)",
                "alter table drill.note enable row level security",
                """
                create policy tenant on drill.note to sluice_api
                    using (organization_id = nullif(current_setting('sluice.organization', true), '')::uuid)""",
                "grant usage on schema drill to sluice_api",
                "grant select, insert on drill.note to sluice_api");
        postgres = new Postgres(database);
        pool = postgres.pool(DatabaseRole.API);
        transactions = new TenantTransactions(pool);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void showEachOrganizationItsOwnRowsOnly() {
        write(a, "of a")
                .as(StepVerifier::create)
                .expectNext(1L)
                .expectComplete()
                .verify(DEADLINE);
        write(b, "of b")
                .as(StepVerifier::create)
                .expectNext(1L)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(read(a)).containsExactly("of a");
        assertThat(read(b)).containsExactly("of b");
    }

    @Test
    void showNothingAndStoreNothingWithoutAnOrganization() {
        write(a, "of a")
                .as(StepVerifier::create)
                .expectNext(1L)
                .expectComplete()
                .verify(DEADLINE);
        assertNothingLeft();
        Mono.usingWhen(pool.create(), connection -> insert(connection, a, "without"), Connection::close)
                .as(StepVerifier::create)
                .expectErrorMessage("new row violates row-level security policy for table \"note\"")
                .verify(DEADLINE);
    }

    @Test
    void storeNothingForAnotherOrganization() {
        transactions
                .inTenant(a, connection -> insert(connection, b, "smuggled"))
                .as(StepVerifier::create)
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        assertThat(all()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void rollBackWhenTheWorkFails() {
        var failure = new SluiceException(ProblemType.CONFLICT, "no");
        transactions
                .inTenant(a, connection -> insert(connection, a, "x").then(Mono.<Long>error(failure)))
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(failure))
                .verify(DEADLINE);
        transactions
                .manyInTenant(a, connection -> insert(connection, a, "y").concatWith(Mono.error(failure)))
                .as(StepVerifier::create)
                .expectNext(1L)
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(failure))
                .verify(DEADLINE);
        assertThat(all()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void rollBackWhenAStatementFails() {
        transactions
                .inTenant(a, connection -> insert(connection, a, "x").then(run(connection, "select 1 / 0")))
                .as(StepVerifier::create)
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        assertThat(all()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void rollBackWhenCancelledWhileWorking() {
        CompletableFuture<Long> written = new CompletableFuture<>();
        Disposable caller = transactions
                .inTenant(
                        a,
                        connection -> insert(connection, a, "x")
                                .doOnNext(written::complete)
                                .then(Mono.never()))
                .subscribe();
        assertThat(written).succeedsWithin(DEADLINE).isEqualTo(1L);
        caller.dispose();
        assertNothingLeft();
        assertThat(all()).isEmpty();
    }

    @Test
    void rollBackWhenAReaderTakesEnough() {
        transactions
                .manyInTenant(
                        a,
                        connection -> insert(connection, a, "x")
                                .thenMany(Flux.range(1, 10))
                                .concatWith(Flux.never()))
                .take(3)
                .as(StepVerifier::create)
                .expectNext(1, 2, 3)
                .expectComplete()
                .verify(DEADLINE);
        assertNothingLeft();
        assertThat(all()).isEmpty();
    }

    @Test
    void rollBackWhenCancelledWhileAStatementRuns() {
        Disposable caller = transactions
                .inTenant(a, connection -> insert(connection, a, "x").then(run(connection, "select pg_sleep(5)")))
                .subscribe();
        Sql.await(
                database,
                DatabaseRole.API,
                "select 1 from pg_stat_activity where wait_event = 'PgSleep' and query like '%(5)'");
        caller.dispose();
        assertNothingLeft();
        assertThat(all()).isEmpty();
    }

    /** Its end is still on the way when the one who waits gets the connection, unless that waits for it. */
    @Test
    void leaveTheConnectionOfACancelledOneReadyForWhoWaitsForIt() {
        for (int round = 0; round < 20; round++) {
            Disposable cancelled = transactions
                    .inTenant(a, connection -> run(connection, "select pg_sleep(0.1)::text"))
                    .subscribe();
            CompletableFuture<@Nullable String> next = transactions
                    .inTenant(b, connection -> run(connection, "select current_setting('sluice.organization', true)"))
                    .toFuture();
            Mono.delay(Duration.ofMillis(20L + round))
                    .as(StepVerifier::create)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
            cancelled.dispose();

            assertThat(next).succeedsWithin(DEADLINE).isEqualTo(b.toString());
        }
    }

    @Test
    void takeNoConnectionWhenCancelledWhileWaitingForOne() {
        CompletableFuture<Long> working = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        Disposable holder = transactions
                .inTenant(
                        a,
                        connection -> insert(connection, a, "x")
                                .doOnNext(working::complete)
                                .then(Mono.never()))
                .subscribe();
        assertThat(working).succeedsWithin(DEADLINE);
        Mono<Integer> waiting = transactions.inTenant(b, connection -> Mono.fromSupplier(begun::incrementAndGet));
        IntStream.range(0, 10).mapToObj(caller -> waiting.subscribe()).toList().forEach(Disposable::dispose);
        holder.dispose();
        assertNothingLeft();
        assertThat(begun).hasValue(0);
        assertThat(pool.getMetrics().orElseThrow().pendingAcquireSize()).isZero();
    }

    @Test
    void keepOrganizationsApartWhenTheyTakeTurnsOnOneConnection() {
        List<OrganizationId> organizations = IntStream.range(0, 8)
                .mapToObj(i -> new OrganizationId(UUID.randomUUID()))
                .toList();
        Flux.range(0, 200)
                .flatMap(
                        i -> {
                            OrganizationId own = organizations.get(i % 8);
                            return write(own, own.toString()).then(Mono.fromSupplier(() -> i));
                        },
                        16)
                .as(StepVerifier::create)
                .expectNextCount(200)
                .expectComplete()
                .verify(DEADLINE);
        organizations.forEach(own -> assertThat(read(own)).hasSize(25).containsOnly(own.toString()));
        assertNothingLeft();
    }

    /** What the next user of the connection sees who says nothing about an organization. */
    private void assertNothingLeft() {
        Mono.usingWhen(
                        pool.create(),
                        connection -> run(
                                connection,
                                "select coalesce(current_setting('sluice.organization', true), '') || count(*)"
                                        + " from drill.note"),
                        Connection::close)
                .as(StepVerifier::create)
                .expectNext("0")
                .expectComplete()
                .verify(DEADLINE);
    }

    private Mono<Long> write(OrganizationId organization, String text) {
        return transactions.inTenant(organization, connection -> insert(connection, organization, text));
    }

    private List<String> read(OrganizationId organization) {
        return Objects.requireNonNull(transactions
                .manyInTenant(organization, connection -> rows(connection, "select text from drill.note"))
                .collectList()
                .block(DEADLINE));
    }

    private List<String> all() {
        return Sql.column(database, DatabaseRole.MIGRATE, "select text from drill.note");
    }

    private static Mono<Long> insert(Connection connection, OrganizationId organization, String text) {
        return Flux.from(connection
                        .createStatement(INSERT)
                        .bind(0, organization.value())
                        .bind(1, text)
                        .execute())
                .concatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum);
    }

    private static Mono<String> run(Connection connection, String sql) {
        return rows(connection, sql).last();
    }

    private static Flux<String> rows(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .concatMap(result -> result.map(row -> String.valueOf(row.get(0))));
    }
}
