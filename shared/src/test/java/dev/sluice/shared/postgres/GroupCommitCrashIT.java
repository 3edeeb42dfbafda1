package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.postgres.ItemTable.Item;
import dev.sluice.shared.postgres.Outcome.Told;
import dev.sluice.shared.testing.TestFolders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** On a server of its own, which is crashed and set to answer late. */
@Timeout(90)
final class GroupCommitCrashIT {

    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final int SUBMITTERS = 16;
    private static final String SUPERUSER_PASSWORD = "super";
    private static final Map<DatabaseRole, String> PASSWORDS = Arrays.stream(DatabaseRole.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), role -> "test-" + UUID.randomUUID()));

    @TempDir
    private static Path folder;

    private static EmbeddedPostgresServer server;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private PostgresSettings database;
    private Postgres postgres;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgresServer.start(
                new EmbeddedPostgresSettings(folder, TestFolders.binaries(), 0, false, SUPERUSER_PASSWORD, PASSWORDS));
    }

    @AfterAll
    static void stopServer() {
        server.closeAndDelete();
    }

    @BeforeEach
    void createTable() {
        String name = "crash_" + UUID.randomUUID().toString().replace('-', '_');
        server.createDatabase(name);
        database = new PostgresSettings(server.url(name), PASSWORDS, 8, Duration.ofSeconds(3), Duration.ofSeconds(30));
        ItemTable.create(database);
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    /**
     * A commit that waits for a standby which does not exist is durable on this server already; whoever ends the backend
     * then takes the answer away, and nothing else.
     */
    @Test
    void tellsEverybodyThatTheirRowsAreStoredWhenOnlyTheAnswerWasLost() {
        answerCommitsNever();
        try (var commit = commit(1, Duration.ofSeconds(2))) {
            var callers = Flux.range(1, 50)
                    .flatMap(id -> Outcome.submit(commit, Item.good(id)), 50)
                    .collectList()
                    .toFuture();
            String done = Sql.await(
                    database,
                    DatabaseRole.API,
                    "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
            assertThat(done).isEqualTo("t");
            assertThat(Outcome.ids(Outcome.await(callers, DEADLINE), Outcome.STORED))
                    .hasSize(50);
            assertThat(ItemTable.ids(database)).hasSize(50);
            assertThat(registry.counter("sluice.groupcommit.readback", "name", "items")
                            .count())
                    .isEqualTo(1);
        } finally {
            answerCommitsAgain();
        }
    }

    @Test
    void accountsForEveryRowWhenTheServerCrashesAndComesBack() {
        AtomicBoolean enough = new AtomicBoolean();
        List<Told> told;
        try (var commit = commit(2, Duration.ZERO)) {
            var callers = submitUntil(commit, enough).toFuture();
            awaitRowsAfter(-1);
            server.crash();
            server.restart();
            long before = Collections.max(ItemTable.ids(database));
            awaitRowsAfter(before + SUBMITTERS);
            enough.set(true);
            told = Outcome.await(callers, DEADLINE);
        }
        Set<Long> stored = ItemTable.ids(database);
        assertThat(stored).containsAll(Outcome.ids(told, Outcome.STORED));
        assertThat(Outcome.ids(told, Outcome.STORED, Outcome.UNAVAILABLE)).containsAll(stored);
        assertThat(Outcome.ids(told, Outcome.UNAVAILABLE)).isNotEmpty();
        assertThat(Outcome.ids(told, Outcome.REFUSED)).isEmpty();
    }

    /** Callers who submit one item after the other, each a new one, whatever they are told. */
    private static Mono<List<Told>> submitUntil(GroupCommit<Item, Long> commit, AtomicBoolean enough) {
        AtomicLong next = new AtomicLong();
        return Flux.range(0, SUBMITTERS)
                .flatMap(
                        submitter -> Mono.defer(() -> Outcome.submit(commit, Item.good(next.getAndIncrement())))
                                .delayElement(Duration.ofMillis(2))
                                .repeat(() -> !enough.get()),
                        SUBMITTERS)
                .collectList();
    }

    private void awaitRowsAfter(long id) {
        assertThat(Sql.await(database, DatabaseRole.API, "select id from drill.item where id > " + id + " limit 1"))
                .isNotNull();
    }

    private GroupCommit<Item, Long> commit(int lanes, Duration maxDelay) {
        var settings = new GroupCommitSettings(
                lanes,
                5000,
                1 << 20,
                100,
                1 << 20,
                maxDelay,
                false,
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10));
        var table = new ItemTable(postgres.pool(DatabaseRole.API));
        return new GroupCommit<>(settings, table, item -> Long.hashCode(item.id()), registry, "items");
    }

    private void answerCommitsNever() {
        configure(
                "alter role sluice_api set synchronous_commit = 'on'",
                "alter system set synchronous_commit = 'local'",
                "alter system set synchronous_standby_names = 'nobody'");
    }

    private void answerCommitsAgain() {
        configure("alter system reset all", "alter role sluice_api reset synchronous_commit");
    }

    private void configure(String... statements) {
        Sql.execute(database, "postgres", SUPERUSER_PASSWORD, statements);
        server.crash();
        server.restart();
    }
}
