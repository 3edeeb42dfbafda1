package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What clients see of an executor that stops. Its web server would wait longer than this test has patience, so what ends
 * here ends by itself.
 */
class StoppingIT {

    private static final Duration PATIENCE = RunningExecutor.PATIENCE;

    @Test
    void endsEventStreamsAnswersThoseWhoWaitAndFinishesOtherRequests() throws Exception {
        try (ExecutorDatabase database = new ExecutorDatabase()) {
            RunningExecutor executor =
                    RunningExecutor.start(database.settings(), "spring.lifecycle.timeout-per-shutdown-phase=2m");
            Principal caller = RunningExecutor.principal();
            String workflow = executor.deploy(caller, "patient", "do: [ { nap: { wait: { minutes: 1 } } } ]");
            String run = executor.ask(caller, "POST", workflow + "/runs", "{}").location();
            CompletableFuture<@Nullable Long> followed = executor.lines(caller, run + "/events")
                    .filter(line -> line.startsWith("id:"))
                    .count()
                    .toFuture();
            CompletableFuture<@Nullable Answer> waited =
                    meanwhile(() -> executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=50"));
            executor.awaitRuns(caller, 2);
            Connection lock = lock(database, "workflow.active");
            CompletableFuture<@Nullable String> deployed =
                    meanwhile(() -> executor.deploy(caller, "late", "do: [ { stand: { set: { a: 1 } } } ]"));
            awaitLockWait(database);

            CompletableFuture<@Nullable Boolean> stopped = meanwhile(() -> {
                executor.close();
                return true;
            });

            assertThat(soon(followed)).isPositive();
            Answer answer = soon(waited);
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.location()).startsWith("/v1/runs/");
            assertThat(deployed).isNotDone();
            assertThat(stopped).isNotDone();
            ExecutorDatabase.execute(lock, "commit").block(PATIENCE);
            assertThat(soon(deployed)).isEqualTo("/v1/workflows/test/late");
            assertThat(soon(stopped)).isTrue();
        }
    }

    private static Connection lock(ExecutorDatabase database, String table) {
        Connection connection = database.connect();
        ExecutorDatabase.execute(connection, "begin").block(PATIENCE);
        ExecutorDatabase.execute(connection, "lock table " + table).block(PATIENCE);
        return connection;
    }

    /** Waits until somebody would write to the table; others look at it all the time. */
    private static void awaitLockWait(ExecutorDatabase database) {
        long start = System.nanoTime();
        while ("0"
                .equals(database.value(
                        "select count(*) from pg_locks where not granted and mode = 'RowExclusiveLock'"))) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                fail("No statement that writes waits for the lock");
            }
        }
    }

    private static <T> CompletableFuture<@Nullable T> meanwhile(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic()).toFuture();
    }

    private static <T> T soon(CompletableFuture<@Nullable T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return Objects.requireNonNull(future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
}
