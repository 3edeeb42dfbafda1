package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.testing.TestFolders;
import dev.sluice.shared.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(90)
final class MigrationsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    private Path scripts;
    private PostgresSettings database;

    @BeforeEach
    void writeScripts() throws IOException {
        scripts = Files.createDirectory(folder.resolve("scripts"));
        script("V1__table.sql", "create table drill.t (a int); select pg_sleep(0.3); insert into drill.t values (1);");
        database = TestPostgres.freshDatabase();
    }

    @Test
    void runOnceHoweverOftenTheyAreAskedFor() {
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        assertThat(versions(database)).containsExactly("1");
        assertThat(rows(database)).containsExactly("1");
    }

    @Test
    void runWhatIsNew() throws IOException {
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        script("V2__row.sql", "insert into drill.t values (2);");
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        assertThat(versions(database)).containsExactly("1", "2");
        assertThat(rows(database)).containsExactly("1", "2");
    }

    /** A copy of the former version starts again during an upgrade, or after one that is taken back. */
    @Test
    void letAnOlderCopyStartOnANewerSchema() throws IOException {
        script("V2__row.sql", "insert into drill.t values (2);");
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        Files.delete(scripts.resolve("V2__row.sql"));
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        assertThat(versions(database)).containsExactly("1", "2");
    }

    /** The file of that name beside a script has it run without a transaction of its own around all of it. */
    @Test
    void runOneStatementAtATimeWhereAScriptAsksForIt() throws IOException {
        script("V2__row.sql", "insert into drill.t values (2); insert into drill.t values ('two');");
        script("V2__row.sql.conf", "executeInTransaction=false");
        migrate(database)
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
        assertThat(rows(database)).as("the first was committed by itself").containsExactly("1", "2");
    }

    @Test
    void takeTurnsWhenSeveralCopiesStartAtOnce() {
        Mono.when(migrate(database), migrate(database), migrate(database))
                .as(StepVerifier::create)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(versions(database)).containsExactly("1");
        assertThat(rows(database)).containsExactly("1");
    }

    @Test
    void waitWhileTheServerIsAway() {
        var settings = new EmbeddedPostgresSettings(
                folder.resolve("server"), TestFolders.binaries(), 0, false, "super", database.passwords());
        EmbeddedPostgresServer server = EmbeddedPostgresServer.start(settings);
        try {
            var away = new PostgresSettings(
                    server.url(EmbeddedPostgresServer.DATABASE),
                    database.passwords(),
                    1,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(30));
            server.crash();
            migrate(away)
                    .as(StepVerifier::create)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(1))
                    .then(server::restart)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(versions(away)).containsExactly("1");
        } finally {
            server.closeAndDelete();
        }
    }

    @Test
    void endWithAnErrorWhenOneIsBrokenAndGoOnWhenItIsMended() throws IOException {
        script("V2__row.sql", "insert into drill.t values (2); insert into drill.t values ('two');");
        migrate(database)
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
        assertThat(versions(database)).containsExactly("1");
        assertThat(rows(database)).containsExactly("1");
        script("V2__row.sql", "insert into drill.t values (2);");
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        assertThat(rows(database)).containsExactly("1", "2");
    }

    @Test
    void endWithAnErrorWhenOneThatRanWasChanged() throws IOException {
        migrate(database).as(StepVerifier::create).expectComplete().verify(DEADLINE);
        script("V1__table.sql", "create table drill.t (a text);");
        migrate(database)
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
    }

    @Test
    void endWithAnErrorWhenTheirPlaceIsMissing() {
        migrate(database, "filesystem:" + folder.resolve("nowhere"))
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
        migrate(database, "db/migration/nowhere")
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
    }

    @Test
    void endWithAnErrorWhenThePasswordIsWrong() {
        Map<DatabaseRole, String> passwords = new HashMap<>(database.passwords());
        passwords.put(DatabaseRole.MIGRATE, "wrong");
        var wrong = new PostgresSettings(
                database.url(), passwords, 1, database.acquireTimeout(), database.statementTimeout());
        migrate(wrong)
                .as(StepVerifier::create)
                .expectError(FlywayException.class)
                .verify(DEADLINE);
    }

    private Mono<Void> migrate(PostgresSettings settings) {
        return migrate(settings, "filesystem:" + scripts);
    }

    private static Mono<Void> migrate(PostgresSettings settings, String location) {
        return Migrations.run(settings, location, "drill", List.of("drill"));
    }

    private void script(String name, String sql) throws IOException {
        Files.writeString(scripts.resolve(name), sql);
    }

    private static List<String> versions(PostgresSettings settings) {
        return Sql.column(
                settings,
                DatabaseRole.MIGRATE,
                "select version from drill.flyway_history where version is not null order by installed_rank");
    }

    private static List<String> rows(PostgresSettings settings) {
        return Sql.column(settings, DatabaseRole.MIGRATE, "select a from drill.t order by a");
    }
}
