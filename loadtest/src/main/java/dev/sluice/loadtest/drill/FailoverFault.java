package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * In turn: the standby stops answering for a while, so that commits wait for it; the primary is killed, the standby
 * promoted, and a new standby made in the place of the dead one.
 */
final class FailoverFault implements Fault {

    private final DrillSystem system;
    private final SplittableRandom random;
    private int turn;

    FailoverFault(DrillSystem system, SplittableRandom random) {
        this.system = system;
        this.random = random;
    }

    @Override
    public Struck strike() {
        return turn++ % 2 == 0 ? failOver() : standStill();
    }

    private Struck failOver() {
        Duration away = Duration.ofMillis(random.nextInt(3_000));
        Instant from = WallClock.now();
        system.postgres().kill();
        Pause.of(away);
        int former = system.postgres().promote();
        Instant until = WallClock.now().plus(Kill.UNREAD);
        system.postgres().follow(former);
        return new Struck("killed the primary, promoted the standby", true, from, until);
    }

    private Struck standStill() {
        Duration time = Duration.ofMillis(random.nextInt(3_000, 8_000));
        Instant from = WallClock.now();
        system.postgres().pauseStandby();
        Pause.of(time);
        system.postgres().resumeStandby();
        String what = "commits waited for the standby for " + time.toMillis() + " ms";
        return new Struck(what, true, from, WallClock.now().plus(Kill.UNREAD));
    }
}
