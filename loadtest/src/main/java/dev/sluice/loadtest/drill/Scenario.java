package dev.sluice.loadtest.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done to the system under load. */
public enum Scenario {
    /** Executors, gateways, PostgreSQL and Redis are killed at random moments, single or together. */
    CRASH(50),
    /** An executor is paused beyond its lease and goes on. */
    ZOMBIE(6),
    /** Redis forgets everything, comes back empty, or stays away for a while. */
    REDIS(9),
    /** PostgreSQL restarts, has no connection left, locks its tables, or commits slowly. */
    POSTGRES(10),
    /** The primary is killed and its synchronous standby promoted. */
    FAILOVER(3),
    /** One, two and four executors share one stream; some join and some leave. */
    SCALE(ScaleFault.STEPS),
    /** Executors of the version before share one load with those of this one, which replace them and are replaced by them. */
    UPGRADE(UpgradeFault.STEPS);

    private final int kills;

    Scenario(int kills) {
        this.kills = kills;
    }

    /** How often something happens unless it is said. */
    int kills() {
        return kills;
    }

    /** Whether it has its steps, and no more can happen. */
    boolean stepwise() {
        return this == SCALE || this == UPGRADE;
    }

    static Scenario of(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new DrillFailure("Unknown scenario '" + name + "': expected one of "
                        + Arrays.stream(values()).map(Scenario::text).collect(Collectors.joining(", ")) + "."));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
