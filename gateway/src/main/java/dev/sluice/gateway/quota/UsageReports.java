package dev.sluice.gateway.quota;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Counts the tokens that agents report, each report once, and none beyond the quota. What is answered is committed. Thread-safe; closing
 * writes what is under way.
 */
public final class UsageReports implements AutoCloseable {

    /** One statement at a time: those of one organization would only wait for each other. */
    private static final GroupCommitSettings COMMIT = GroupCommitSettings.of(1, 2000, 100);

    private final GroupCommit<UsageReport, Reported> commit;
    private final Clock clock;

    /** On connections of {@code sluice_api}. */
    public UsageReports(ConnectionPool api, MeterRegistry meters, Clock clock) {
        this.commit = new GroupCommit<>(
                COMMIT, new UsageStore(api), report -> report.organization().hashCode(), meters, "usage");
        this.clock = clock;
    }

    /** What became of a report. */
    enum Outcome {
        COUNTED,
        /** The same key has reported the same before; this one counts nothing. */
        REPEATED,
        /** The same key has reported something else before. */
        MISMATCH,
        /** Not so much is left; nothing was counted. */
        EXCEEDED;

        static Outcome of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * How it stood before the report was counted.
     *
     * @param windows that bound it; unknown, and empty, when the outcome had to be read back
     */
    record Reported(Outcome outcome, List<Window> windows) {}

    /**
     * What was counted.
     *
     * @param repeated whether that was done for an earlier report, so that this one counts nothing
     */
    record Counted(UsageReport report, boolean repeated, List<Window> windows) {

        /** What is to be counted beyond what the windows say. */
        long spent() {
            return repeated ? 0 : report.tokens();
        }
    }

    /**
     * Counts; completes after the commit. {@code QUOTA_EXCEEDED} when not so much is left, {@code IDEMPOTENCY_MISMATCH} when the key
     * has reported something else in the last 24 hours.
     */
    Mono<Counted> report(OrganizationId organization, long tokens, Optional<String> key) {
        return Mono.fromSupplier(() -> new UsageReport(
                        Ids.next(),
                        organization,
                        Period.day(clock.millis()),
                        tokens,
                        key.map(UsageReports::hash).orElse(null)))
                .flatMap(report -> commit.submit(report).map(reported -> counted(report, reported)));
    }

    /** Reports that wait for their commit. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() -> List.of(bound()));
    }

    @Override
    public void close() {
        commit.close();
    }

    private Bound bound() {
        return commit.bound();
    }

    private Counted counted(UsageReport report, Reported reported) {
        return switch (reported.outcome()) {
            case COUNTED -> new Counted(report, false, reported.windows());
            case REPEATED -> new Counted(report, true, reported.windows());
            case MISMATCH ->
                throw new SluiceException(
                        ProblemType.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key reported another number of tokens within the last 24 hours.");
            case EXCEEDED ->
                throw QuotaProblem.of(Metered.TOKENS, reported.windows(), 0, report.day(), clock.instant());
        };
    }

    private static String hash(String key) {
        return HexFormat.of().formatHex(Ids.sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
