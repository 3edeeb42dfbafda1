package dev.sluice.shared.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Brings a service's schemas up to date at start, with Flyway as the login that owns them. */
public final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final String HISTORY = "flyway_history";

    private Migrations() {}

    /**
     * Runs what has not run yet; completes when the database is up to date. Copies of a service may do so at once: they
     * take turns. While PostgreSQL is away it waits and tries again, without end: a start-up probe bounds it. Any other
     * error, a broken migration or a wrong password, ends it. After cancellation a migration that runs still ends.
     *
     * @param location      class path folder of the migrations, for instance {@code db/migration/gateway}, or any other
     *                      place with its prefix ({@code filesystem:}); it must be there
     * @param historySchema schema of the table {@value #HISTORY}; one of {@code schemas}
     * @param schemas       made when they are not there
     */
    public static Mono<Void> run(
            PostgresSettings settings, String location, String historySchema, List<String> schemas) {
        Flyway flyway = Flyway.configure()
                .dataSource(
                        settings.address().jdbc()
                                + "?connectTimeout=10&ApplicationName=sluice-migrate&targetServerType=primary"
                                + "&hostRecheckSeconds=1",
                        DatabaseRole.MIGRATE.login(),
                        settings.password(DatabaseRole.MIGRATE))
                .locations(location.indexOf(':') < 0 ? "classpath:" + location : location)
                .failOnMissingLocations(true)
                .defaultSchema(historySchema)
                .schemas(schemas.toArray(String[]::new))
                .table(HISTORY)
                .cleanDisabled(true)
                .load();
        return Mono.using(Migrations::scheduler, scheduler -> migrate(flyway, scheduler), Scheduler::dispose);
    }

    private static Mono<Void> migrate(Flyway flyway, Scheduler scheduler) {
        return Mono.fromCallable(flyway::migrate)
                .subscribeOn(scheduler)
                .retryWhen(whileAway())
                .then();
    }

    private static Scheduler scheduler() {
        return Schedulers.newBoundedElastic(1, 1, "sluice-migrations");
    }

    private static RetryBackoffSpec whileAway() {
        return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .filter(Migrations::isAway)
                .doBeforeRetry(signal -> LOG.warn(
                        "PostgreSQL is away, migrations wait (attempt {}): {}",
                        signal.totalRetries() + 1,
                        rootMessage(signal.failure())));
    }

    private static boolean isAway(Throwable error) {
        SQLException cause = sqlCause(error);
        if (!(error instanceof FlywayException) || cause == null || cause.getSQLState() == null) {
            return false;
        }
        String state = cause.getSQLState();
        // connection exceptions, too many connections, shutting down or starting up
        return state.startsWith("08") || state.equals("53300") || state.startsWith("57P0");
    }

    private static @Nullable SQLException sqlCause(Throwable error) {
        @Nullable Throwable current = error;
        for (int depth = 0; current != null && depth < 16; depth++) {
            if (current instanceof SQLException found) {
                return found;
            }
            current = current.getCause();
        }
        return null;
    }

    private static @Nullable String rootMessage(Throwable error) {
        SQLException cause = sqlCause(error);
        return cause == null ? error.getMessage() : cause.getMessage();
    }
}
