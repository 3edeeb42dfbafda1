package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import dev.sluice.loadtest.upstream.UpstreamStats;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Many runs at once inside an HTTP call, while others use the API. The upstream speaks HTTP/2 over TLS, as engines call
 * external APIs: over plain text they would need a connection for each call.
 */
final class InFlight implements Scenario {

    private static final String CALLING = "calling";
    private static final String PROBE = "probe";
    private static final Duration UNLOADED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(200);

    @Override
    public Set<String> options() {
        return Set.of("--count", "--latency", "--streams", "--probe-rate");
    }

    @Override
    public Findings run(Workbench bench) {
        CapacityOptions options = bench.options();
        int count = options.number("--count", 50_000, 1_000_000);
        Duration latency = options.duration("--latency", Duration.ofSeconds(60));
        int streams = options.number("--streams", 1_000, 100_000);
        Findings findings = bench.findings(
                "In flight: %d runs inside an HTTP call of %s".formatted(count, Quantity.seconds(latency)));
        SelfSigned identity = SelfSigned.in(bench.folder());
        try (UpstreamSimulator upstream = UpstreamSimulator.startSecure("127.0.0.1", 0, identity.keys(), streams)
                        .blockOptional()
                        .orElseThrow();
                CapacitySystem system =
                        CapacitySystem.start(bench, shape(options, identity, count, latency, upstream));
                Driver driver = new Driver(system.gateway(), options.number("--users", 64, 5_000))) {
            Tenant tenant = Tenant.first(system.api());
            tenant.deploy(PROBE, "do: [ { step: { set: { done: true } } } ]\n");
            tenant.deploy(CALLING, call(upstream.uri(), latency));
            Probes probes = new Probes(system.gateway(), tenant, options.number("--probe-rate", 50, 1_000));
            probes.during("for a warm-up", findings, () -> Pause.of(UNLOADED));
            probes.during("unloaded", findings, () -> Pause.of(UNLOADED));
            load(system, driver, tenant, upstream, count, probes, findings);
        }
        return findings;
    }

    private static SystemShape shape(
            CapacityOptions options, SelfSigned identity, int count, Duration latency, UpstreamSimulator upstream) {
        String timeout = latency.plusMinutes(2).toMillis() + "ms";
        return SystemShape.of(options, "2g", count + 1_000)
                .with(identity.java(), Map.of("SLUICE_EXECUTOR_CALLTIMEOUT", timeout))
                .reaching(upstream.uri());
    }

    private static String call(URI upstream, Duration latency) {
        return "do: [ { ask: { call: http, with: { method: get, endpoint: '%s/slow?latencyMillis=%d' } } } ]\n"
                .formatted(upstream, latency.toMillis());
    }

    private static void load(
            CapacitySystem system,
            Driver driver,
            Tenant tenant,
            UpstreamSimulator upstream,
            int count,
            Probes probes,
            Findings findings) {
        Memory before = system.executorMemory();
        findings.add("executor before", before.toString());
        Sent sent = new Sent();
        probes.during("while they are created", findings, () -> {
            driver.send(0, count, number -> tenant.start(CALLING, "{\"number\":" + number + "}"), sent);
            // As many as there can be: all are there, or the first have left.
            awaitUntil(
                    () -> upstream.stats().completed() > 0 || upstream.stats().inFlight() >= count);
        });
        findings.add("created", sent.rate());
        findings.add("creation", sent.latencies.toString());
        findings.add("troubles of creation", sent.troubles());
        peak(system, upstream, before, findings);
        probes.during(
                "while all are in flight",
                findings,
                () -> awaitUntil(() -> upstream.stats().completed() > 0));
        awaitUntil(() -> system.ledger().open(CALLING) == 0);
        account(system, upstream.stats(), sent, findings);
    }

    private static void peak(CapacitySystem system, UpstreamSimulator upstream, Memory before, Findings findings) {
        long inFlight = upstream.stats().inFlight();
        long sockets = Sockets.of(upstream.uri().getPort());
        Memory peak = system.executorMemory();
        findings.add("in flight when memory was looked at", Long.toString(inFlight));
        findings.add(
                "executor then",
                peak + ", " + peak.each(before, (int) Math.max(1, inFlight)) + " for each of these runs");
        findings.add("gateway then", Quantity.megabytes(system.gatewayResident()) + " resident");
        findings.add(
                "connections then",
                "%d to the upstream (HTTP/2 over TLS), %.0f calls on each; files a process may have: %s"
                        .formatted(sockets, (double) inFlight / Math.max(1, sockets), Sockets.fileLimit()));
    }

    /** Whether it came to be in time is the account's to say. */
    private static void awaitUntil(BooleanSupplier until) {
        boolean ignored = Deadline.in(PATIENCE).await(LOOK, until);
    }

    private static void account(CapacitySystem system, UpstreamStats stats, Sent sent, Findings findings) {
        findings.add("most calls at once at the upstream", Long.toString(stats.maxInFlight()));
        findings.add(
                "calls",
                "%d, %d keys, %d of them more than once"
                        .formatted(stats.requests(), stats.distinctKeys(), stats.repeatedKeys()));
        long unanswered = sent.unknownNumbers().cardinality();
        if (stats.repeatedKeys() > 0
                || stats.requests() < sent.accepted()
                || stats.requests() > sent.accepted() + unanswered) {
            findings.wrong(stats.requests() + " calls for " + sent.accepted() + " runs");
        }
        new Account(system.ledger(), CALLING).check(findings, List.of(sent));
    }

    /** Those who use the API at the same time, half of them each way. */
    private record Probes(URI gateway, Tenant tenant, String run, Duration interval) {

        Probes(URI gateway, Tenant tenant, int perSecond) {
            this(gateway, tenant, finished(tenant), Duration.ofSeconds(2).dividedBy(perSecond));
        }

        private static String finished(Tenant tenant) {
            JsonNode started = tenant.post("/v1/workflows/capacity/" + PROBE + "/runs", "application/json", "{}");
            return started.path("id").asString();
        }

        Prober shows() {
            return Prober.start(gateway, number -> tenant.show(run), interval);
        }

        Prober starts() {
            return Prober.start(gateway, number -> tenant.startAndWait(PROBE, "{}"), interval);
        }

        /** What they see while something is done. */
        void during(String when, Findings findings, Runnable work) {
            try (Prober shows = shows();
                    Prober starts = starts()) {
                work.run();
                shows.stop();
                starts.stop();
                shows.report(findings, "GET of a run " + when);
                starts.report(findings, "start with Prefer: wait " + when);
            }
        }
    }
}
