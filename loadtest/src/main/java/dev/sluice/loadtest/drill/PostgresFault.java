package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * In turn: PostgreSQL is killed and stays away for a while; cuts all connections and takes no new ones; has its tables
 * locked, so that every pool is full of statements that wait; takes a tenth of a second for each commit.
 */
final class PostgresFault implements Fault {

    private static final String CUT = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity where usename like 'sluice%'
            """;

    private final DrillSystem system;
    private final SplittableRandom random;
    private int turn;

    PostgresFault(DrillSystem system, SplittableRandom random) {
        this.system = system;
        this.random = random;
    }

    @Override
    public Struck strike() {
        Instant from = WallClock.now();
        Duration time = Duration.ofMillis(random.nextInt(3_000, 8_000));
        String what = switch (turn++ % 4) {
            case 0 -> away(time);
            case 1 -> refuse(time);
            case 2 -> lock(time);
            default -> slow(time);
        };
        return new Struck(
                what + " for " + time.toMillis() + " ms",
                true,
                from,
                WallClock.now().plus(Kill.UNREAD));
    }

    private String away(Duration time) {
        system.postgres().kill();
        Pause.of(time);
        system.postgres().restart();
        return "killed postgres, away";
    }

    private String refuse(Duration time) {
        Superuser superuser = system.postgres().superuser();
        superuser.execute("alter database sluice connection limit 0", CUT);
        Pause.of(time);
        superuser.execute("alter database sluice connection limit -1");
        return "no connections";
    }

    private String lock(Duration time) {
        system.postgres().superuser().within(session -> {
            session.run("begin");
            session.run("lock table workflow.journal, workflow.run, workflow.run_history in access exclusive mode");
            Pause.of(time);
            session.run("commit");
        });
        return "locked tables";
    }

    private String slow(Duration time) {
        Superuser superuser = system.postgres().superuser();
        superuser.execute(
                "alter system set commit_delay = 100000",
                "alter system set commit_siblings = 0",
                "select pg_reload_conf()");
        Pause.of(time);
        superuser.execute(
                "alter system reset commit_delay", "alter system reset commit_siblings", "select pg_reload_conf()");
        return "slow commits";
    }
}
