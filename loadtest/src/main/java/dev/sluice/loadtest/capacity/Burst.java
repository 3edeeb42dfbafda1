package dev.sluice.loadtest.capacity;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Webhooks as fast as they are accepted, each of which starts a run; then what is queued drains. */
final class Burst implements Scenario {

    private static final String STARTED = "started";
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String PADDING = "x".repeat(300);

    /** The reconciler looks every two seconds at what is older than two seconds. */
    private static final Duration RECONCILED = Duration.ofSeconds(5);

    @Override
    public Set<String> options() {
        return Set.of("--count");
    }

    @Override
    public Findings run(Workbench bench) {
        CapacityOptions options = bench.options();
        int count = options.number("--count", 200_000, 10_000_000);
        Findings findings = bench.findings("Burst: %d webhooks, each starts a run".formatted(count));
        try (CapacitySystem system = CapacitySystem.start(bench, SystemShape.of(options, "1g", 20_000));
                Driver driver = new Driver(system.gateway(), options.number("--users", 64, 5_000));
                RedisWatch redis = system.redis()) {
            Tenant tenant = Tenant.first(system.api());
            SignedHook hook = tenant.hook("burst");
            tenant.deploy(
                    STARTED,
                    "schedule: { on: { one: { with: { source: '%s' } } } }\ndo: [ { step: { set: { done: true } } } ]\n"
                            .formatted(hook.source()));
            findings.add("executor before", system.executorMemory().toString());
            findings.add("gateway before", system.gatewayMemory().toString());
            Sent sent = new Sent();
            try (Backlog backlog = Backlog.watch(system, redis)) {
                driver.send(0, count, number -> hook.deliver(payload(number)), sent);
                findings.add("accepted", sent.rate());
                findings.add("acceptance", sent.latencies.toString());
                findings.add("troubles", sent.troubles());
                drain(system, count, sent, findings);
                backlog.report(findings);
            }
            Deadline reconciled = Deadline.in(RECONCILED);
            findings.add("executor after", system.executorMemory().toString());
            findings.add("gateway after", system.gatewayMemory().toString());
            publications(redis, count, reconciled, findings);
            new Account(system.ledger(), STARTED).check(findings, List.of(sent));
        }
        return findings;
    }

    private static String payload(int number) {
        return "{\"number\":%d,\"kind\":\"order.created\",\"note\":\"%s\"}".formatted(number, PADDING);
    }

    private static void drain(CapacitySystem system, int count, Sent sent, Findings findings) {
        RunLedger ledger = system.ledger();
        long before = ledger.endedInAll(STARTED);
        long began = System.nanoTime();
        findings.add(
                "executor when the last was accepted", system.executorMemory().toString());
        boolean ignored = Deadline.in(PATIENCE.plusMillis(count))
                .await(LOOK, () -> ledger.endedInAll(STARTED) >= sent.accepted());
        double seconds = (System.nanoTime() - began) / 1e9;
        findings.add("ended when the last was accepted", Long.toString(before));
        findings.add(
                "drained",
                "%s, %s".formatted(Quantity.seconds(seconds), Quantity.rate(sent.accepted() - before, seconds)));
        findings.add("from first delivery to last end", Quantity.rate(sent.accepted(), sent.seconds() + seconds));
    }

    private static void publications(RedisWatch redis, int count, Deadline reconciled, Findings findings) {
        while (!reconciled.isOver()) {
            Deadline.pause();
        }
        long added = redis.added();
        findings.add(
                "ids added to streams",
                "%d for %d events, so %d more than once".formatted(added, count, Math.max(0, added - count)));
        findings.add("streams at the end", redis.queued() + " entries");
    }
}
