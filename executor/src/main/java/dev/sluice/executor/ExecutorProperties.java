package dev.sluice.executor;

import dev.sluice.executor.node.NodeSettings;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How an executor works.
 *
 * @param maxRuns       runs in memory at once; more wait in the database and in their streams
 * @param maxInput      largest input of a run started by API
 * @param maxDocument   largest workflow document
 * @param parkAfter     a wait longer than this leaves memory
 * @param callTimeout   longest duration of one outgoing call
 * @param maxResponse   largest response of an outgoing call
 * @param maxJournal    payloads of a run's journal that replay has to read; a run that has more ends
 * @param maxConnectionsPerHost connections to one upstream; a call that finds none waits for its turn, in its own time
 * @param maxDepth      longest chain of runs that start one another, directly or by events
 * @param outboundAllow private addresses that workflows may reach all the same, as {@code host:port} or CIDR
 * @param node          this process among its peers
 */
@Validated
@ConfigurationProperties("sluice.executor")
record ExecutorProperties(
        @DefaultValue("20000") @Positive int maxRuns,
        @DefaultValue("4MB") @NotNull DataSize maxInput,
        @DefaultValue("1MB") @NotNull DataSize maxDocument,
        @DefaultValue("5s") @NotNull Duration parkAfter,
        @DefaultValue("30s") @NotNull Duration callTimeout,
        @DefaultValue("8MB") @NotNull DataSize maxResponse,
        @DefaultValue("64MB") @NotNull DataSize maxJournal,
        @DefaultValue("2000") @Positive int maxConnectionsPerHost,
        @DefaultValue("64") @Positive int maxDepth,
        @DefaultValue @NotNull List<String> outboundAllow,
        @DefaultValue @NotNull Node node) {

    /**
     * A node.
     *
     * @param name  shown to operators
     * @param lease silence after which its runs go to others
     */
    record Node(
            @DefaultValue("executor") @NotBlank String name,
            @DefaultValue("10s") @NotNull Duration lease) {

        NodeSettings settings() {
            return new NodeSettings(name, lease);
        }
    }
}
