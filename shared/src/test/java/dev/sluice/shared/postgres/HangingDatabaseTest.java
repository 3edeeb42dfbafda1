package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A database that neither answers nor fails: what is done in turns gives each a deadline, or it would be the last. */
class HangingDatabaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

    @AfterEach
    void goBackToRealTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void retentionGivesItsBatchUp() {
        Retention.Rule rule = new Retention.Rule("nothing", "select 0");
        try (Retention retention = new Retention(hanging(), List.of(rule), 10, time)) {
            givesUpAfter(Retention.LIMIT, retention.sweep());
        }
    }

    @Test
    void partitionRetentionGivesItsDropUp() {
        try (PartitionRetention retention =
                new PartitionRetention(hanging(), "select null", Duration.ofDays(1), time)) {
            givesUpAfter(PartitionRetention.LIMIT, retention.sweep());
        }
    }

    private void givesUpAfter(Duration limit, Mono<Long> sweep) {
        StepVerifier.create(sweep)
                .then(() -> time.advanceTimeBy(limit.minusMillis(1)))
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .assertNext(swept -> assertThat(swept).isZero())
                .expectComplete()
                .verify(PATIENCE);
    }

    private static ConnectionPool hanging() {
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new ConnectionFactory() {
                    @Override
                    public Publisher<? extends Connection> create() {
                        return Mono.never();
                    }

                    @Override
                    public ConnectionFactoryMetadata getMetadata() {
                        return () -> "hanging";
                    }
                })
                .initialSize(0)
                .build());
    }
}
