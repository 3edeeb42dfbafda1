package dev.sluice.loadtest.drill;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;

/** A drill in small numbers for tests: a system that is kept, and a workflow of its own for each account. Blocks. */
public final class SmallDrill implements AutoCloseable {

    /** Short, so that a takeover is, and longer than a busy machine leaves a node without a turn. */
    private static final Duration LEASE = Duration.ofSeconds(8);

    private static final Duration TIME = Duration.ofMinutes(3);
    private static final int RATE = 20;
    private static final long MIN_OPEN = 40;

    private final PrintStream out = System.out;
    private final DrillUpstream upstream = new DrillUpstream();
    private final SplittableRandom random;
    private final DrillSystem system;

    /** Starts two executors and a gateway, from the jars below {@code home}. */
    public SmallDrill(Path home, Path folder, Path binaries, long seed) {
        this.random = new SplittableRandom(seed);
        this.system = new DrillSystem(new DrillSystem.Shape(
                home,
                folder,
                binaries,
                2,
                1,
                LEASE,
                false,
                ServiceOptions.quick(Map.of("SLUICE_EXECUTOR_PARKAFTER", "1s")),
                ServiceOptions.quick(Map.of())));
        try {
            system.startServers("127.0.0.1:" + upstream.uri().getPort());
            system.serviceNames().forEach(system::start);
            system.awaitReady();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** So many kills at random moments; what is wrong afterwards. */
    public List<String> crashes(int kills) {
        return run("crash", new CrashFault(system, random.split()), kills);
    }

    /**
     * Redis emptied, PostgreSQL killed; what is wrong afterwards. Without a paused executor: a call that it was about to send
     * may still go out when it resumes, which the account of {@code --scenario zombie} reports.
     */
    public List<String> others() {
        Queue<Fault> faults = new ArrayDeque<>(
                List.of(new RedisFault(system, random.split()), new PostgresFault(system, random.split())));
        return run("others", () -> faults.remove().strike(), faults.size());
    }

    @Override
    public void close() {
        system.end();
        upstream.close();
    }

    private List<String> run(String name, Fault fault, int kills) {
        DrillRun.Settings settings =
                new DrillRun.Settings(kills, WallClock.now().plus(TIME), RATE, MIN_OPEN, 0);
        try (DrillRun run = new DrillRun(system, upstream, settings, random.split(), out::println)) {
            Account account = run.run(name, fault);
            out.println(Report.of(account, 20));
            return account.discrepancies().stream().map(Discrepancy::toString).toList();
        }
    }
}
