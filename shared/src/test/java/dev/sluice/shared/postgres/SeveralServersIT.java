package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.LocalPort;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A URL with a server that is dead; {@code ./sluice drill --scenario failover} has one that is a standby. */
@Timeout(90)
final class SeveralServersIT {

    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private final PostgresSettings one = TestPostgres.freshDatabase();
    private final PostgresSettings several = behindADeadOne(one);

    @Test
    void connectsToTheOneThatIsThere() {
        Postgres postgres = new Postgres(several);
        Flux.usingWhen(
                        postgres.pool(DatabaseRole.API).create(),
                        connection -> Flux.from(connection
                                        .createStatement("select current_database()")
                                        .execute())
                                .concatMap(result -> result.map(row -> row.get(0, String.class))),
                        Connection::close)
                .as(StepVerifier::create)
                .expectNext(one.address().database())
                .expectComplete()
                .verify(DEADLINE);
        postgres.close();
    }

    @Test
    void migratesTheOneThatIsThere(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("V1__table.sql"), "create table drill.t (a int);");
        Migrations.run(several, "filesystem:" + folder, "drill", List.of("drill"))
                .as(StepVerifier::create)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void triesALoginAtTheOneThatIsThere() {
        assertThat(LoginTrial.refusal(
                        several.address(), DatabaseRole.API, several.password(DatabaseRole.API), DEADLINE))
                .isEqualTo(Optional.empty());
    }

    private static PostgresSettings behindADeadOne(PostgresSettings one) {
        URI url = URI.create("postgresql://127.0.0.1:%d,127.0.0.1:%d/%s"
                .formatted(
                        LocalPort.free(),
                        one.address().servers().getFirst().port(),
                        one.address().database()));
        return new PostgresSettings(url, one.passwords(), one.poolSize(), one.acquireTimeout(), one.statementTimeout());
    }
}
