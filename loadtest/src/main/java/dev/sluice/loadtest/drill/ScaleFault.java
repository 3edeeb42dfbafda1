package dev.sluice.loadtest.drill;

import java.time.Instant;
import java.util.List;

/**
 * Executors join and leave a load that is more than they can take: one, two, four of them, then one is stopped and one is
 * killed. After each change it is measured how many runs end per second, and how many each executor has.
 */
final class ScaleFault implements Fault {

    /** How often there is something to do. */
    static final int STEPS = 5;

    private static final int SAMPLES = 20;

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
        return new Struck(what + ": " + LoadSample.of(system, SAMPLES), turn > 3, from, until);
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
}
