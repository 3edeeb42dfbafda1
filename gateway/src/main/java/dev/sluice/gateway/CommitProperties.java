package dev.sluice.gateway;

import dev.sluice.shared.postgres.GroupCommitSettings;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How deliveries are gathered into statements.
 *
 * @param lanes     statements under way at once; an endpoint always uses the same lane
 * @param maxQueued deliveries that wait in one lane; one more is refused
 * @param maxQueuedSize their bodies together; one more is refused
 * @param maxBatch  deliveries in one statement
 * @param maxBatchSize  their bodies together
 * @param maxDelay  how long the first of them waits for others while its lane is idle; batches come by themselves from
 *                  what arrives during the write before
 * @param writeTimeout    after which a statement counts as broken off and its outcome is read back
 * @param readBackTimeout how long that is tried before its senders are told to come again
 * @param closeTimeout    how long a stopping gateway writes what is queued
 */
@Validated
@ConfigurationProperties("sluice.ingress.commit")
record CommitProperties(
        @DefaultValue("4") @Positive int lanes,
        @DefaultValue("2000") @Positive int maxQueued,
        @DefaultValue("64MB") @NotNull DataSize maxQueuedSize,
        @DefaultValue("256") @Positive int maxBatch,
        @DefaultValue("8MB") @NotNull DataSize maxBatchSize,
        @DefaultValue("0ms") @NotNull Duration maxDelay,
        @DefaultValue("15s") @NotNull Duration writeTimeout,
        @DefaultValue("5s") @NotNull Duration readBackTimeout,
        @DefaultValue("10s") @NotNull Duration closeTimeout) {

    GroupCommitSettings settings() {
        return new GroupCommitSettings(
                lanes,
                maxQueued,
                maxQueuedSize.toBytes(),
                maxBatch,
                maxBatchSize.toBytes(),
                maxDelay,
                false,
                writeTimeout,
                readBackTimeout,
                closeTimeout);
    }
}
