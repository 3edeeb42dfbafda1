package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One organization sends as much as it can, half of it starts and half webhooks, which is more than the gateway admits of it,
 * which is more than the executor has room for; another starts a run every 200 ms and waits for its output, before and
 * meanwhile.
 */
final class Fairness implements Scenario {

    private static final String FLOOD = "flood";
    private static final String WARM_UP = "warm-up";
    private static final String SINGLE = "single";
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration LATENCY = Duration.ofMillis(500);

    @Override
    public Set<String> options() {
        return Set.of("--seconds", "--warm-up", "--flood-rate", "--admission");
    }

    @Override
    public Findings run(Workbench bench) {
        CapacityOptions options = bench.options();
        Duration seconds = Duration.ofSeconds(options.number("--seconds", 60, 3_600));
        Duration warmUp = Duration.ofSeconds(options.number("--warm-up", 30, 600));
        int users = options.number("--users", 64, 5_000);
        Duration interval = interval(options);
        int admission = options.number("--admission", 100, SystemShape.UNLIMITED);
        Findings findings =
                bench.findings("Fairness: a flood of %s from %d connections, %d a second of each kind admitted%s"
                        .formatted(
                                Quantity.seconds(seconds),
                                users,
                                admission,
                                interval.isZero()
                                        ? ""
                                        : ", %d a second".formatted(options.number("--flood-rate", 1, 100_000))));
        try (UpstreamSimulator upstream =
                        UpstreamSimulator.start("127.0.0.1", 0).blockOptional().orElseThrow();
                CapacitySystem system = CapacitySystem.start(
                        bench,
                        SystemShape.shared(options, "1g", 100)
                                .reaching(upstream.uri())
                                .admitting(admission));
                Driver starting = new Driver(system.gateway(), Math.max(1, users / 2), interval);
                Driver delivering = new Driver(system.gateway(), Math.max(1, users / 2), interval)) {
            Tenant flooding = Tenant.first(system.api());
            Tenant single = Tenant.create(system.api(), "single");
            Flood warming = flood(WARM_UP, Duration.ZERO, flooding, upstream, starting, delivering);
            Flood flood = flood(FLOOD, LATENCY, flooding, upstream, starting, delivering);
            single.deploy(
                    SINGLE, "do: [ { step: { metadata: { sluice: { journal: true } }, set: { done: true } } } ]\n");
            warmUp(system, warming, single, warmUp);
            // A server that has run for a while writes its log into files it has used before; a new one makes each
            // first, and
            // every commit waits for that.
            system.superuser().execute("alter system set wal_keep_size = 0", "select pg_reload_conf()", "checkpoint");
            measure(system, flood, single, seconds, findings);
        }
        return findings;
    }

    /** The same code, with an upstream that answers at once so that it is soon worked off. */
    private static void warmUp(CapacitySystem system, Flood flood, Tenant single, Duration time) {
        RunLedger ledger = system.ledger();
        try (Prober warming = prober(system, single)) {
            flood.send(time);
            awaitDrained(ledger, WARM_UP);
            warming.stop();
        }
    }

    /** Between two requests of one kind: half of the flood are starts, half webhooks. Zero: as fast as they are answered. */
    private static Duration interval(CapacityOptions options) {
        return options.given().containsKey("--flood-rate")
                ? Duration.ofSeconds(2).dividedBy(options.number("--flood-rate", 1, 100_000))
                : Duration.ZERO;
    }

    private static Flood flood(
            String name,
            Duration latency,
            Tenant tenant,
            UpstreamSimulator upstream,
            Driver starting,
            Driver delivering) {
        SignedHook hook = tenant.hook(name);
        tenant.deploy(name, """
                schedule: { on: { one: { with: { source: '%s' } } } }
                do: [ { ask: { call: http, with: { method: get, endpoint: '%s/slow?latencyMillis=%d' } } } ]
                """.formatted(hook.source(), upstream.uri(), latency.toMillis()));
        return new Flood(starting, delivering, tenant, name, hook, new Sent(), new Sent());
    }

    private static void measure(
            CapacitySystem system, Flood flood, Tenant single, Duration seconds, Findings findings) {
        RunLedger ledger = system.ledger();
        Latencies before = alone(system, single, seconds, findings);
        try (Prober meanwhile = prober(system, single)) {
            flood.send(seconds);
            meanwhile.stop();
            Latencies under = meanwhile.latencies();
            int accepted = flood.accepted();
            findings.add(
                    "flood", "%d accepted, %s".formatted(accepted, Quantity.rate(accepted, seconds.toMillis() / 1e3)));
            findings.add("starts and sending again", flood.starts().troubles());
            findings.add("webhooks and sending again", flood.webhooks().troubles());
            findings.add("queued at its end, as runs or events", Long.toString(queued(ledger, FLOOD)));
            meanwhile.report(findings, "single runs under the flood");
            findings.add("the worst of each five seconds", meanwhile.worst());
            findings.add(
                    "ratio",
                    "p50 %s, p99 %s"
                            .formatted(
                                    Quantity.ratio(under.millisAt(50) / before.millisAt(50)),
                                    Quantity.ratio(under.millisAt(99) / before.millisAt(99))));
        }
        long began = System.nanoTime();
        awaitDrained(ledger, FLOOD);
        findings.add("drained in", Quantity.seconds((System.nanoTime() - began) / 1e9));
        new Account(ledger, FLOOD).check(findings, List.of(flood.starts(), flood.webhooks()));
    }

    private static Latencies alone(CapacitySystem system, Tenant single, Duration time, Findings findings) {
        try (Prober alone = prober(system, single)) {
            Pause.of(time);
            alone.stop();
            alone.report(findings, "single runs before");
            return alone.latencies();
        }
    }

    private static Prober prober(CapacitySystem system, Tenant single) {
        return Prober.start(
                system.gateway(), number -> single.startAndWait(SINGLE, "{\"number\":" + number + "}"), EVERY);
    }

    private static void awaitDrained(RunLedger ledger, String workflow) {
        if (!Deadline.in(PATIENCE).await(LOOK, () -> queued(ledger, workflow) == 0)) {
            throw new CapacityFailure("The flood has not drained within " + PATIENCE.toMinutes() + " minutes.");
        }
    }

    private static long queued(RunLedger ledger, String workflow) {
        return ledger.open(workflow) + ledger.eventsWithoutReceipt();
    }
}
