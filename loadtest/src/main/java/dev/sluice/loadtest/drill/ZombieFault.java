package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;

/** Pauses one executor after the other beyond its lease, so that others take its runs over, and lets it go on. */
final class ZombieFault implements Fault {

    private static final int LEASES = 3;

    private final DrillSystem system;
    private int turn;

    ZombieFault(DrillSystem system) {
        this.system = system;
    }

    @Override
    public Struck strike() {
        String victim =
                system.executorNames().get(turn++ % system.executorNames().size());
        ServiceProcess executor = system.service(victim);
        Duration asleep = system.lease().multipliedBy(LEASES);
        Instant from = WallClock.now();
        executor.pause();
        Instant until = WallClock.now().plus(Kill.UNREAD);
        system.balancer().leaveOut(system.port(victim));
        Pause.of(asleep);
        executor.resume();
        system.balancer().takeBack(system.port(victim));
        return new Struck("paused " + victim + " for " + asleep.toSeconds() + " s", true, from, until);
    }
}
