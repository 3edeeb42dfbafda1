package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.capacity.RunLedger.Lateness;
import dev.sluice.loadtest.drill.Pause;
import dev.sluice.loadtest.drill.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Many runs that do nothing but wait, due evenly over a time that begins when all are created; the executor is restarted in
 * the middle of that time.
 */
final class Waiting implements Scenario {

    private static final String WAITING = "waiting";
    private static final String WARM_UP = "warm-up";
    private static final int USERS = 64;
    private static final int WARM_UP_RUNS = 10_000;

    /** Creation slows down as tables grow. */
    private static final double RESERVE = 1.3;

    /** The parts, in percent of the count, after which memory is looked at. */
    private static final List<Integer> PARTS = List.of(10, 50, 100);

    /** Runs shorter than the executor's own bound would wait in memory. */
    private static final Duration LEAST_WAIT = Duration.ofSeconds(10);

    /** What was due a moment before the executor went may not have been taken up any more. */
    private static final Duration CLAIMING = Duration.ofSeconds(1);

    /** After a restart, what was due meanwhile is caught up with. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A prime that spreads neighbours: what is created first is not due first. */
    private static final long STRIDE = 1_000_003;

    @Override
    public Set<String> options() {
        return Set.of("--count", "--spread", "--start-after", "--restart");
    }

    @Override
    public Findings run(Workbench bench) {
        CapacityOptions options = bench.options();
        int count = options.number("--count", 1_000_000, 10_000_000);
        Duration spread = options.duration("--spread", Duration.ofMinutes(15));
        String restart = options.word("--restart", "term", Set.of("term", "kill", "none"));
        Findings findings = bench.findings("Waiting: %d runs, due over %s".formatted(count, Quantity.seconds(spread)));
        try (CapacitySystem system = CapacitySystem.start(bench, SystemShape.of(options, "1g", 20_000));
                Driver driver = new Driver(system.gateway(), options.number("--users", USERS, 5_000))) {
            Tenant tenant = Tenant.first(system.api());
            tenant.deploy(WARM_UP, "do: [ { step: { set: { done: true } } } ]\n");
            tenant.deploy(WAITING, "do: [ { pause: { wait: '${ .delay }' } } ]\n");
            Duration creation = warmUp(driver, tenant, count);
            Instant firstDue = WallClock.now().plus(options.duration("--start-after", creation));
            Sent sent = create(system, driver, tenant, new Due(count, firstDue, spread), findings);
            Struck struck = strike(system, firstDue.plus(spread.dividedBy(2)), restart, findings);
            awaitEnd(system.ledger(), count, firstDue.plus(spread));
            report(system.ledger(), sent, struck, findings);
        }
        return findings;
    }

    /** When each number is due. */
    private record Due(int count, Instant first, Duration spread) {

        /** As the workflow's input; what is due already is due at once. */
        String input(int number) {
            Duration after = spread.multipliedBy(number * STRIDE % count).dividedBy(count);
            Duration delay = Duration.between(WallClock.now(), first.plus(after));
            return "{\"number\":%d,\"delay\":\"%s\"}".formatted(number, delay.isNegative() ? "PT0S" : text(delay));
        }

        private static String text(Duration delay) {
            return "PT%d.%03dS".formatted(delay.toSeconds(), delay.toMillisPart());
        }
    }

    /** When the executor was gone. */
    private record Struck(Instant from, Instant until) {

        /** After anything that is due. */
        private static final Instant NO_TIME = Instant.parse("9999-01-01T00:00:00Z");

        static final Struck NEVER = new Struck(NO_TIME, NO_TIME);
    }

    /** Returns how long creation should take at the rate of a system that has been at work for a while, with a reserve. */
    private static Duration warmUp(Driver driver, Tenant tenant, int count) {
        int runs = Math.min(count, WARM_UP_RUNS);
        Sent first = new Sent();
        driver.send(0, 2 * runs, number -> tenant.start(WARM_UP, "{}"), first);
        Sent sent = new Sent();
        driver.send(0, runs, number -> tenant.start(WARM_UP, "{}"), sent);
        double millisEach = sent.seconds() * 1e3 / runs;
        return Duration.ofMillis((long) (millisEach * count * RESERVE))
                .plus(LEAST_WAIT)
                .plus(LEAST_WAIT);
    }

    /** The looks at memory do not count as time of creation. */
    private static Sent create(CapacitySystem system, Driver driver, Tenant tenant, Due due, Findings findings) {
        Sent sent = new Sent();
        long bytes = system.ledger().bytes();
        Memory before = system.executorMemory();
        findings.add("executor before", before.toString());
        int done = 0;
        for (int percent : PARTS) {
            int until = (int) ((long) due.count() * percent / 100);
            driver.send(done, until, number -> tenant.start(WAITING, due.input(number)), sent);
            done = until;
            Memory now = system.executorMemory();
            findings.add("executor with %d waiting".formatted(until), now + ", " + now.each(before, until) + " each");
        }
        findings.add("created", sent.rate());
        findings.add("creation", sent.latencies.toString());
        findings.add("troubles of creation", sent.troubles());
        Duration left = Duration.between(WallClock.now(), due.first());
        findings.add(
                "creation ended",
                Quantity.seconds(left.abs()) + (left.isNegative() ? " after" : " before") + " the first was due");
        findings.add("PostgreSQL", (system.ledger().bytes() - bytes) / due.count() + " bytes a waiting run");
        return sent;
    }

    private static Struck strike(CapacitySystem system, Instant at, String restart, Findings findings) {
        if (restart.equals("none")) {
            return Struck.NEVER;
        }
        Duration until = Duration.between(WallClock.now(), at);
        Pause.of(until.isNegative() ? Duration.ZERO : until);
        Instant from = WallClock.now();
        system.restartExecutor(restart.equals("kill"));
        Instant back = WallClock.now();
        findings.add(
                "restart of the executor (SIG" + restart.toUpperCase(Locale.ROOT) + ")",
                Quantity.seconds(Duration.between(from, back)));
        return new Struck(from, back);
    }

    private static void awaitEnd(RunLedger ledger, int count, Instant lastDue) {
        Duration left = Duration.between(WallClock.now(), lastDue);
        Pause.of(left.isNegative() ? Duration.ZERO : left);
        // Whether all are there is the account's to say.
        boolean ignored = Deadline.in(PATIENCE.plusMillis(count)).await(LOOK, () -> ledger.open(WAITING) == 0);
    }

    private static void report(RunLedger ledger, Sent sent, Struck struck, Findings findings) {
        Map<Integer, Lateness> lateness = ledger.lateness(
                WAITING,
                struck.from().minus(CLAIMING),
                struck.until(),
                struck.until().plus(SETTLING));
        List<String> parts = List.of(
                "woken, late by",
                "due during the restart or in the second before, late by",
                "due in the minute after, late by");
        for (int part = 0; part < parts.size(); part++) {
            if (lateness.containsKey(part)) {
                findings.add(parts.get(part), lateness.get(part).toString());
            }
        }
        new Account(ledger, WAITING).check(findings, List.of(sent));
    }
}
