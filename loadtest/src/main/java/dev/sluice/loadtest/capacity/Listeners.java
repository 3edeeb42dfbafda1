package dev.sluice.loadtest.capacity;

import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How long it takes from the delivery of an event to the end of the run that listened for it, while few runs listen and while
 * many do. Each listens for events with its own number.
 */
final class Listeners implements Scenario {

    private static final int FEW = 10;
    private static final int WARM_UP_RUNS = 1_000;
    private static final Duration WARM_UP_INTERVAL = Duration.ofMillis(5);
    private static final long SEED = 42;

    @Override
    public Set<String> options() {
        return Set.of("--count", "--samples", "--rate");
    }

    @Override
    public Findings run(Workbench bench) {
        CapacityOptions options = bench.options();
        int count = options.number("--count", 100_000, 10_000_000);
        int samples = Math.min(count, options.number("--samples", 500, 100_000));
        Findings findings = bench.findings("Listeners: %d runs that listen, %d events".formatted(count, samples));
        try (CapacitySystem system = CapacitySystem.start(bench, SystemShape.of(options, "1g", 20_000));
                Driver driver = new Driver(system.gateway(), options.number("--users", 64, 5_000))) {
            Tenant tenant = Tenant.first(system.api());
            SignedHook hook = tenant.hook("listeners");
            tenant.deploy(ListenerRounds.LISTENING, document(hook));
            ListenerRounds rounds = new ListenerRounds(system, driver, tenant, hook);
            Duration interval = Duration.ofSeconds(1).dividedBy(options.number("--rate", 20, 1_000));
            int warmUp = Math.min(count, WARM_UP_RUNS);
            warmUp(rounds, warmUp);
            Latencies few = few(rounds, warmUp, samples, interval, findings);
            int first = warmUp + samples + FEW;
            many(system, rounds, first, count, samples, interval, few, findings);
            new Account(system.ledger(), ListenerRounds.LISTENING)
                    .check(findings, rounds.woken(), new BitSet(), count - samples);
        }
        return findings;
    }

    private static String document(SignedHook hook) {
        return """
                do:
                  - wanted:
                      listen:
                        to:
                          one:
                            with: { source: '%s' }
                            correlate: { number: { from: .data.number, expect: '${ .number }' } }
                """.formatted(hook.source());
    }

    private static void warmUp(ListenerRounds rounds, int runs) {
        Sent ignored = rounds.listen(0, runs);
        rounds.deliver(runs, number -> number, WARM_UP_INTERVAL);
        rounds.forget();
    }

    /** Ten listen, hear and end, and then the next ten. */
    private static Latencies few(ListenerRounds rounds, int first, int samples, Duration interval, Findings findings) {
        for (int done = 0; done < samples; done += FEW) {
            int from = first + done;
            Sent ignored = rounds.listen(from, from + FEW);
            rounds.deliver(FEW, number -> from + number, interval);
        }
        Latencies times = rounds.times();
        findings.add("at most %d listen: an event's run ended after".formatted(FEW), times.toString());
        return times;
    }

    private static void many(
            CapacitySystem system,
            ListenerRounds rounds,
            int first,
            int count,
            int samples,
            Duration interval,
            Latencies few,
            Findings findings) {
        Sent created = rounds.listen(first, first + count);
        findings.add("started", created.rate());
        findings.add(
                "executor with %d that listen".formatted(count),
                system.executorMemory().toString());
        int[] chosen = new SplittableRandom(SEED)
                .ints(first, first + count)
                .distinct()
                .limit(samples)
                .toArray();
        rounds.deliver(samples, number -> chosen[number], interval);
        Latencies many = rounds.times();
        findings.add("%d listen: an event's run ended after".formatted(count), many.toString());
        findings.add(
                "ratio",
                "p50 %s, p99 %s"
                        .formatted(
                                Quantity.ratio(many.millisAt(50) / few.millisAt(50)),
                                Quantity.ratio(many.millisAt(99) / few.millisAt(99))));
    }
}
