package dev.sluice.loadtest.drill;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * An upgrade under load, taken back and done again. Executors 1 and 2 are of the version before, 3 and 4 of this one, which
 * migrates the database while the others go on.
 *
 * <pre>
 *   old ──new join──▶ old, new ──old leave──▶ new ──old join──▶ old, new ──new leave──▶ old ──new join, old leave──▶ new
 * </pre>
 */
final class UpgradeFault implements Fault {

    /** How often there is something to do. */
    static final int STEPS = 5;

    private static final int LOOKS = 10;

    private final DrillSystem system;
    private final List<String> former;
    private final List<String> latter;
    private int turn;

    /** An upgrade of a system whose first two executors are not started yet; {@code before} is the root of their version. */
    UpgradeFault(DrillSystem system, Path before) {
        this.system = system;
        this.former = system.executorNames().subList(0, 2);
        this.latter = system.executorNames().subList(2, 4);
        former.forEach(name -> system.build(name, before));
    }

    @Override
    public Struck strike() {
        String beforehand = LoadSample.of(system, LOOKS);
        Instant from = WallClock.now();
        boolean leaves = turn % 2 == 1 || turn == STEPS - 1;
        String what = switch (turn++) {
            case 0 -> join(latter, "new");
            case 1 -> leave(former, "old");
            case 2 -> join(former, "old");
            case 3 -> leave(latter, "new");
            default -> join(latter, "new") + ", " + leave(former, "old");
        };
        Instant until = WallClock.now().plus(Kill.UNREAD);
        return new Struck(what + "; before: " + beforehand, leaves, from, until);
    }

    private String join(List<String> executors, String version) {
        executors.forEach(system::start);
        executors.forEach(name -> system.service(name).awaitReady());
        return version + " " + String.join(", ", executors) + " joined";
    }

    /** One after the other, as a rollout does. */
    private String leave(List<String> executors, String version) {
        executors.forEach(name -> system.service(name).close());
        return version + " " + String.join(", ", executors) + " left";
    }
}
