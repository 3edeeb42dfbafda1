package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Executors join and leave a load that is more than they can take: one, two, four of them, then one is stopped and one is
 * killed. After each change it is measured how many runs end per second, and how many each executor has.
 */
final class ScaleFault implements Fault {

    /** How often there is something to do. */
    static final int STEPS = 5;

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int SAMPLES = 20;
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final DrillSystem system;
    private int turn;

    ScaleFault(DrillSystem system) {
        this.system = system;
    }

    @Override
    public Struck strike() {
        Instant from = WallClock.now();
        List<String> executors = system.executorNames();
        String what = switch (turn++) {
            case 0 -> "one executor";
            case 1 -> join(executors.subList(1, 2));
            case 2 -> join(executors.subList(2, 4));
            case 3 -> stop(executors.get(0));
            default -> kill(executors.get(1));
        };
        Instant until = WallClock.now().plus(Kill.UNREAD);
        // Who joins breaks nothing; who leaves lets go of the calls that take longer than its patience.
        return new Struck(what + ": " + measure(), turn > 3, from, until);
    }

    private String join(List<String> executors) {
        executors.forEach(system::start);
        executors.forEach(name -> system.service(name).awaitReady());
        return String.join(", ", executors) + " joined";
    }

    private String stop(String executor) {
        system.service(executor).close();
        return executor + " stopped";
    }

    private String kill(String executor) {
        system.service(executor).kill();
        return executor + " killed";
    }

    private String measure() {
        Pause.of(SETTLE);
        try (Ledger ledger = system.ledger()) {
            Map<String, Long> owned = new TreeMap<>();
            long before = ledger.endedRuns();
            Instant begin = WallClock.now();
            for (int sample = 0; sample < SAMPLES; sample++) {
                Pause.of(BETWEEN);
                ledger.ownedRuns().forEach((node, count) -> owned.merge(node, count, Long::sum));
            }
            double seconds = Duration.between(begin, WallClock.now()).toMillis() / 1e3;
            double rate = (ledger.endedRuns() - before) / seconds;
            owned.replaceAll((node, sum) -> Math.round(sum / (double) SAMPLES));
            return String.format(Locale.ROOT, "%.1f runs/s, in memory on average %s", rate, owned);
        }
    }
}
