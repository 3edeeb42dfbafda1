package dev.sluice.executor;

import dev.sluice.executor.correlation.Correlations;
import dev.sluice.executor.deployment.DeferralCompiler;
import dev.sluice.executor.deployment.DocumentReader;
import dev.sluice.executor.deployment.WorkflowRoutes;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.dispatch.Dispatch;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.Channels;
import dev.sluice.executor.engine.Deferrals;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.IdempotencyKeys;
import dev.sluice.executor.engine.Streamer;
import dev.sluice.executor.erasure.Erasures;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.export.Exports;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.gathering.GatheringStore;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.gathering.SetMeters;
import dev.sluice.executor.journal.JournalBounds;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.RunEngine;
import dev.sluice.executor.schema.JsonSchema;
import dev.sluice.executor.script.ScriptThreads;
import dev.sluice.executor.secret.Secrets;
import dev.sluice.executor.share.Shares;
import dev.sluice.executor.timer.ScheduleStore;
import dev.sluice.executor.timer.Ticker;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresProperties;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.pressure.Pressure;
import dev.sluice.shared.pressure.PressureRoutes;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.redis.EventPublisher;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.service.RedisProperties;
import dev.sluice.shared.service.SecretProperties;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.tenancy.PrincipalContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the executor is made of, apart from HTTP. */
@Configuration(proxyBeanMethods = false)
class ExecutorConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorConfiguration.class);
    private static final Duration MASKINGS = Duration.ofSeconds(1);

    /**
     * One statement is under way at a time, and all that comes meanwhile shares the next: a second would halve what they
     * share, and costs more than it gains. With 64 runs of nine steps in flight a run took 2.7 ms of CPU with four lanes and
     * two, 1.6 with one of each (compilers left out).
     */
    private static final GroupCommitSettings JOURNAL =
            GroupCommitSettings.of(1, 20_000, 256).gathering();

    private static final GroupCommitSettings RUNS =
            GroupCommitSettings.of(1, 10_000, 256).gathering();

    private static final int MAX_UNPUBLISHED = 20_000;
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(2);

    @Bean
    @SuppressWarnings("TimeZoneUsage") // this is the Clock bean the rule asks for
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(destroyMethod = "dispose")
    Scheduler engineScheduler() {
        return Schedulers.newParallel("engine", Runtime.getRuntime().availableProcessors());
    }

    /** Leases, timers and hand-over do not wait behind a workflow's expressions. */
    @Bean(destroyMethod = "dispose")
    Scheduler controlScheduler() {
        return Schedulers.newParallel("control", 2);
    }

    @Bean
    Postgres postgres(PostgresProperties properties) {
        return new Postgres(properties.settings());
    }

    @Bean
    TenantTransactions transactions(Postgres postgres) {
        return new TenantTransactions(postgres.pool(DatabaseRole.API));
    }

    @Bean
    Redis redis(RedisProperties properties) {
        return new Redis(properties.settings());
    }

    @Bean
    WorkStreams workStreams(Redis redis, RedisProperties properties) {
        return new WorkStreams(redis, properties.maxStreamLength());
    }

    @Bean
    EngineSettings engineSettings(
            Scheduler engineScheduler,
            Clock clock,
            ExecutorProperties properties,
            SecretProperties secrets,
            EvaluationThreads evaluations,
            Deferrals deferrals) {
        return new EngineSettings(
                engineScheduler,
                clock,
                properties.callTimeout(),
                properties.parkAfter(),
                new IdempotencyKeys(secrets.crypto().bytes()),
                evaluations,
                deferrals,
                properties.maxDepth());
    }

    @Bean
    Deferrals deferrals() {
        return new DeferralCompiler();
    }

    @Bean
    NodeLease nodeLease(Postgres postgres, ExecutorProperties properties, Scheduler controlScheduler) {
        return NodeLease.of(
                postgres.pool(DatabaseRole.ENGINE), properties.node().settings(), controlScheduler);
    }

    @Bean
    Workflows workflows(TenantTransactions transactions, Postgres postgres) {
        // Loads the language's functions here, where reading the class path blocks nobody.
        Expression warm = Expressions.compile(". + 1", Set.of());
        LOG.debug("Expressions are ready: {}", warm);
        JsonSchema.warmUp();
        return new Workflows(transactions, postgres.pool(DatabaseRole.ENGINE));
    }

    /** Ids of events that runs emit; what it lets go the reconciler finds. */
    @Bean(destroyMethod = "close")
    EventPublisher eventPublisher(WorkStreams streams, Scheduler controlScheduler, MeterRegistry meters) {
        Counter unpublished = Counter.builder("sluice.events.unpublished")
                .description("Emitted events left to the reconciler, Redis being away or full")
                .register(meters);
        return new EventPublisher(streams::publish, MAX_UNPUBLISHED, PUBLISH_TIMEOUT, unpublished, controlScheduler);
    }

    @Bean
    Journals journals(
            Postgres postgres,
            ExecutorProperties properties,
            MeterRegistry meters,
            EventPublisher publisher,
            Clock clock) {
        JournalBounds bounds =
                JournalBounds.DEFAULT.withBytes(properties.maxJournal().toBytes());
        return new Journals(postgres.pool(DatabaseRole.ENGINE), JOURNAL, meters, publisher::offer, clock, bounds);
    }

    @Bean
    EventStore eventStore(Postgres postgres) {
        return new EventStore(postgres.pool(DatabaseRole.ENGINE));
    }

    @Bean
    Correlations correlations(
            Postgres postgres,
            EventStore events,
            Workflows workflows,
            EvaluationThreads filterEvaluations,
            EvaluationThreads lookupEvaluations) {
        return new Correlations(
                postgres.pool(DatabaseRole.ENGINE), events, workflows::compiled, filterEvaluations, lookupEvaluations);
    }

    /** Nobody tells executors of changes; they are asked only for organizations that have rules. */
    @Bean
    Maskings maskings(TenantTransactions transactions) {
        return new Maskings(transactions, MASKINGS);
    }

    @Bean
    RunEngine runEngine(
            Postgres postgres,
            TenantTransactions transactions,
            Maskings maskings,
            Workflows workflows,
            Journals journals,
            NodeLease lease,
            Caller caller,
            Streamer streamer,
            DocumentReader documents,
            Channels channels,
            Secrets secrets,
            Correlations correlations,
            EventPublisher publisher,
            EngineSettings engine,
            Scheduler controlScheduler,
            MeterRegistry meters,
            ExecutorProperties properties,
            Shares shares) {
        return new RunEngine(
                postgres.pool(DatabaseRole.ENGINE),
                transactions,
                maskings,
                workflows,
                journals,
                lease,
                caller,
                streamer,
                documents,
                channels,
                secrets::open,
                correlations,
                publisher::offer,
                engine,
                controlScheduler,
                RUNS,
                meters,
                properties.limits(),
                shares);
    }

    @Bean(destroyMethod = "dispose")
    Shares shares(Postgres postgres, TenantTransactions transactions, ExecutorProperties properties) {
        return new Shares(transactions, postgres.pool(DatabaseRole.ENGINE), properties.runsPerOrganization());
    }

    @Bean
    Retention retention(Postgres postgres, RetentionProperties properties) {
        List<Retention.Rule> rules = new ArrayList<>(List.of(
                RunEngine.retention(),
                Correlations.retention(),
                NodeLease.retention(),
                RunEngine.retention(properties.history()),
                RunEngine.counts(),
                GatheringStore.retention(properties.history()),
                Erasures.RETENTION));
        rules.addAll(RunEngine.retentionByOrganization(properties.history()));
        return new Retention(postgres.pool(DatabaseRole.ENGINE), rules);
    }

    @Bean
    PartitionRetention partitionRetention(Postgres postgres, RetentionProperties properties) {
        return RunEngine.partitions(postgres.pool(DatabaseRole.ENGINE), properties.history());
    }

    @Bean
    Gatherings gatherings(
            Postgres postgres,
            ExecutorProperties properties,
            EvaluationThreads filterEvaluations,
            RunEngine runs,
            MeterRegistry meters) {
        return new Gatherings(
                postgres.pool(DatabaseRole.ENGINE),
                properties.setBounds(),
                filterEvaluations,
                SetMeters.of(meters),
                runs::nudge);
    }

    @Bean
    Dispatch dispatch(
            Postgres postgres,
            WorkStreams streams,
            EventStore events,
            Correlations correlations,
            Workflows workflows,
            EvaluationThreads filterEvaluations,
            EvaluationThreads lookupEvaluations,
            Gatherings gatherings,
            RunEngine runs,
            Shares shares,
            Maskings maskings,
            ExecutorProperties properties,
            NodeLease lease,
            Scheduler controlScheduler,
            Clock clock) {
        return new Dispatch(
                postgres.pool(DatabaseRole.ENGINE),
                streams,
                events,
                correlations.correlator(runs::nudge),
                workflows,
                filterEvaluations,
                lookupEvaluations,
                gatherings,
                runs.pool(),
                shares,
                maskings,
                properties.maxTries(),
                lease,
                controlScheduler,
                clock);
    }

    @Bean
    Ticker ticker(Postgres postgres, Workflows workflows, Scheduler controlScheduler) {
        return new Ticker(new ScheduleStore(postgres.pool(DatabaseRole.ENGINE)), workflows::compiled, controlScheduler);
    }

    @Bean(destroyMethod = "dispose")
    Pressure pressure(
            Postgres postgres,
            WorkStreams streams,
            OutboundClient calls,
            EvaluationThreads evaluations,
            ScriptThreads scripts,
            RunEngine runs,
            ExecutorProperties properties,
            MeterRegistry meters,
            Scheduler controlScheduler) {
        List<PressureSource> sources = new ArrayList<>(runs.pressure());
        sources.add(streams.pressure());
        sources.add(calls.pressure());
        sources.add(evaluations.pressure());
        sources.add(scripts.pressure());
        sources.add(postgres.pressure());
        Pressure pressure = new Pressure("executor", properties.node().name(), sources);
        pressure.meter(meters, controlScheduler);
        return pressure;
    }

    /** What the gateway asks for an organization, or for its end. */
    @Bean
    RouterFunction<ServerResponse> dataProtection(Postgres postgres, TenantTransactions transactions) {
        return new Exports(transactions).routes().and(new Erasures(postgres.pool(DatabaseRole.ENGINE)).routes());
    }

    @Bean
    RouterFunction<ServerResponse> routes(
            Workflows workflows,
            DocumentReader documents,
            RunEngine runs,
            Dispatch dispatch,
            OpenStreams streams,
            Shares shares,
            Pressure pressure,
            ExecutorProperties properties) {
        return WorkflowRoutes.of(
                        workflows, documents, (int) properties.maxDocument().toBytes())
                .and(runs.routes((int) properties.maxInput().toBytes(), streams))
                .and(dispatch.routes())
                .and(shares.routes())
                .and(PressureRoutes.of(PrincipalContext.current().flatMap(pressure::of)));
    }

    @Bean
    OpenStreams openStreams() {
        return new OpenStreams();
    }

    @Bean
    Startup startup(PostgresProperties properties) {
        return new Startup(
                Migrations.run(properties.settings(), "db/migration/executor", "workflow", List.of("workflow")));
    }

    @Bean
    EngineLifecycle engineLifecycle(
            Startup startup,
            Shares shares,
            Scheduler controlScheduler,
            NodeLease lease,
            RunEngine runs,
            Dispatch dispatch,
            Ticker ticker) {
        return new EngineLifecycle(startup, shares, controlScheduler, lease, runs, dispatch, ticker);
    }
}
