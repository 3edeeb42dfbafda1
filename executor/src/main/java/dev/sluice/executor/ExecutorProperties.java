package dev.sluice.executor;

import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.gathering.SetBounds;
import dev.sluice.executor.javascript.SandboxLimits;
import dev.sluice.executor.node.NodeSettings;
import dev.sluice.executor.run.RunLimits;
import dev.sluice.shared.outbound.OutboundSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How an executor works.
 *
 * @param maxRuns       runs in memory at once; more wait in the database and in their streams
 * @param minRuns       what {@code maxRuns} may shrink to while the engine itself is slow
 * @param maxEngineLatency of a commit or of a task of the engine's own, on average; above it the permits become fewer
 * @param maxRunsPerOrganization of those, of one organization for which nothing else was set; absent for half of them
 * @param maxTries      how often a run is taken up, or an event handed over, without getting any further
 * @param maxInput      largest input of a run started by API; with the event that reaches it a set that grows ends
 * @param maxDocument   largest workflow document
 * @param parkAfter     a wait longer than this leaves memory
 * @param callTimeout   longest duration of one outgoing call
 * @param maxResponse   largest response of an outgoing call
 * @param maxJournal    payloads of a run's journal that replay has to read; a run that has more ends
 * @param maxConnectionsPerHost connections to one upstream; a call that finds none waits for its turn, in its own time
 * @param maxDepth      longest chain of runs that start one another, directly or by events
 * @param maxOpenSets   sets of events of one workflow that wait for more ({@code schedule.on.all}); then the oldest are dropped
 * @param maxSetEvents  events of one set that grows until something ends it ({@code schedule.on.any} with {@code until}); with the last it ends
 * @param maxSubscriptions to channels of other systems at once; each is a connection and keeps its run in memory, and one more fails
 * @param outboundAllow private addresses that workflows may reach all the same, as {@code host:port} or CIDR
 * @param expression    what runtime expressions may use
 * @param script        what scripts may use
 * @param node          this process among its peers
 */
@Validated
@ConfigurationProperties("sluice.executor")
record ExecutorProperties(
        @DefaultValue("20000") @Positive int maxRuns,
        @DefaultValue("100") @Positive int minRuns,
        @DefaultValue("500ms") @NotNull Duration maxEngineLatency,
        @Nullable @Positive Integer maxRunsPerOrganization,
        @DefaultValue("10") @Positive int maxTries,
        @DefaultValue("4MB") @NotNull DataSize maxInput,
        @DefaultValue("1MB") @NotNull DataSize maxDocument,
        @DefaultValue("5s") @NotNull Duration parkAfter,
        @DefaultValue("30s") @NotNull Duration callTimeout,
        @DefaultValue("8MB") @NotNull DataSize maxResponse,
        @DefaultValue("64MB") @NotNull DataSize maxJournal,
        @DefaultValue("2000") @Positive int maxConnectionsPerHost,
        @DefaultValue("64") @Positive int maxDepth,
        @DefaultValue("10000") @Positive int maxOpenSets,
        @DefaultValue("1000") @Positive @Max(10_000) int maxSetEvents,
        @DefaultValue("1000") @Positive int maxSubscriptions,
        @DefaultValue @NotNull List<String> outboundAllow,
        @DefaultValue @NotNull Expression expression,
        @DefaultValue @NotNull Script script,
        @DefaultValue @NotNull Node node) {

    /**
     * What one evaluation of an expression may use. All but the time are the workflow's affair: it may catch the error.
     *
     * @param maxSteps   iterations, calls, and what builtins do with each character or element
     * @param maxMemory  estimated bytes of all values made on the way
     * @param maxResult  estimated bytes of the value it gives
     * @param maxDepth   levels of calls within calls; more would not fit a thread's stack
     * @param maxNesting levels of the value it gives; deeper ones could not be read back
     * @param maxTime    after which the run is taken up again
     * @param threads    for evaluations that take longer than a millisecond or so
     * @param maxWaiting for one of those threads
     */
    record Expression(
            @DefaultValue("2000000") @Positive long maxSteps,
            @DefaultValue("64MB") @NotNull DataSize maxMemory,
            @DefaultValue("64MB") @NotNull DataSize maxResult,
            @DefaultValue("1228") @Positive @Max(1228) int maxDepth,
            @DefaultValue("200") @Positive @Max(200) int maxNesting,
            @DefaultValue("30s") @NotNull Duration maxTime,
            @DefaultValue("2") @Positive int threads,
            @DefaultValue("10000") @Positive int maxWaiting) {

        /** Steps of all filters that one event meets together. */
        private static final long FILTER_STEPS = 500_000;

        /** Of filters of events, which others wait behind. */
        Limits filterLimits() {
            return new Limits(
                    Math.min(maxSteps, FILTER_STEPS),
                    maxMemory.toBytes(),
                    maxDepth,
                    1,
                    maxResult.toBytes(),
                    maxNesting,
                    maxTime);
        }

        Limits limits() {
            return new Limits(maxSteps, maxMemory.toBytes(), maxDepth, 1, maxResult.toBytes(), maxNesting, maxTime);
        }
    }

    /**
     * What one script ({@code run: script}) may use, beyond which it is ended: the workflow's affair.
     *
     * @param maxMemory  of its memory, with the interpreter
     * @param maxOutput  of each of what it writes to standard output and to standard error
     * @param maxTime    from its beginning to its end
     * @param threads    on which scripts run, each with as much memory
     * @param maxWaiting for one of those threads; of one organization half of that. One beyond is an error that the workflow sees
     */
    record Script(
            @DefaultValue("64MB") @NotNull DataSize maxMemory,
            @DefaultValue("1MB") @NotNull DataSize maxOutput,
            @DefaultValue("5s") @NotNull Duration maxTime,
            @DefaultValue("2") @Positive int threads,
            @DefaultValue("1000") @Positive int maxWaiting) {

        SandboxLimits limits() {
            return new SandboxLimits(maxMemory.toBytes(), (int) maxOutput.toBytes(), maxTime);
        }
    }

    /** What one organization may have unless its share says otherwise; a lone one cannot take all. */
    int runsPerOrganization() {
        return maxRunsPerOrganization == null ? Math.max(1, maxRuns / 2) : maxRunsPerOrganization;
    }

    /** Calls at once: two for each run that may be in memory, and never so few that the branches of a few runs use them up. */
    int maxCalls() {
        return Math.clamp(2L * maxRuns, OutboundSettings.DEFAULT.maxExchanges(), Integer.MAX_VALUE);
    }

    /** Bounds of what gathers. */
    SetBounds setBounds() {
        return new SetBounds(maxOpenSets, maxSetEvents, maxInput.toBytes());
    }

    /** Bounds of the runs. */
    RunLimits limits() {
        return new RunLimits(Math.min(minRuns, maxRuns), maxRuns, maxEngineLatency, maxTries);
    }

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
