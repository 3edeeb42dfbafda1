package dev.sluice.loadtest.drill;

import dev.sluice.shared.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What {@code ./sluice drill} runs: a system of its own, the faults of one scenario, and the account. Ends with status 0
 * when the account is exact, 1 when it is not, 2 when there is none. However it ends, nothing it started is left.
 */
public final class Drill {

    /** Beyond the time for faults: for the start, the drain and the account. A drill that takes longer hangs. */
    private static final Duration SLACK = Duration.ofMinutes(15);

    private static final int INEXACT = 1;
    private static final int BROKEN = 2;

    /** Runs open at each kill of a drill that is meant. */
    private static final long MIN_OPEN = 100;

    /** Where nothing is killed it need not be many. */
    private static final long FEW_OPEN = 20;

    /** What stays in the data folder from drill to drill. */
    private static final Set<String> KEPT = Set.of("binaries", "versions");

    /** The default. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    /** Repeated calls shown on the terminal; the file has them all. */
    private static final int SHOWN = 20;

    private final DrillOptions options;
    private final PrintStream out;

    private Drill(DrillOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Takes the options that {@code ./sluice help} lists. */
    public static void main(String[] arguments) {
        try {
            DrillOptions options = DrillOptions.parse(List.of(arguments), System.nanoTime());
            System.exit(new Drill(options, System.out).run() ? 0 : INEXACT);
        } catch (DrillFailure | EmbeddedServerException e) {
            System.err.println(e.getMessage());
            System.exit(BROKEN);
        }
    }

    private boolean run() {
        out.printf(
                "Scenario %s, seed %d: %d times within %d minutes; logs and report in %s%n",
                options.scenario().text(), options.seed(), options.kills(), options.minutes(), options.data());
        Path folder = empty(options.data());
        boolean scale = options.scenario() == Scenario.SCALE;
        // Few permits, so that it is these that bound an executor and not the cores they share with all the rest.
        Map<String, String> executor = scale
                ? Map.of("SLUICE_EXECUTOR_PARKAFTER", "1s", "SLUICE_EXECUTOR_MAXRUNS", "10")
                : Map.of("SLUICE_EXECUTOR_PARKAFTER", "1s");
        Path home = Path.of(System.getenv().getOrDefault("SLUICE_HOME", "."));
        Path before = options.scenario() == Scenario.UPGRADE ? before(home, folder) : home;
        DrillSystem.Shape shape = new DrillSystem.Shape(
                home,
                folder,
                folder.resolve("binaries"),
                options.scenario().stepwise() ? 4 : 2,
                2,
                LEASE,
                options.scenario() == Scenario.FAILOVER,
                ServiceOptions.quick(executor),
                ServiceOptions.quick(Map.of()));
        DrillSystem system = new DrillSystem(shape);
        Thread ending = Thread.ofPlatform().unstarted(system::end);
        Runtime.getRuntime().addShutdownHook(ending);
        Thread.ofPlatform().daemon().name("limit").start(this::giveUpInTheEnd);
        try (DrillUpstream upstream = new DrillUpstream()) {
            Account account = run(system, upstream, before);
            Files.writeString(folder.resolve("report.md"), Report.of(account, Integer.MAX_VALUE));
            out.println();
            out.print(Report.of(account, SHOWN));
            return account.exact();
        } catch (IOException e) {
            throw new DrillFailure("The report cannot be written: " + e.getMessage() + ".", e);
        } finally {
            system.end();
            removeData(folder);
        }
    }

    private Account run(DrillSystem system, DrillUpstream upstream, Path before) {
        SplittableRandom random = new SplittableRandom(options.seed());
        system.startServers("127.0.0.1:" + upstream.uri().getPort());
        Fault fault = fault(options.scenario(), system, random.split(), before);
        Stream.concat(first(system).stream(), system.gatewayNames().stream()).forEach(system::start);
        system.awaitReady();
        out.println("The system is ready.");
        DrillRun.Settings settings = new DrillRun.Settings(
                options.kills(),
                WallClock.now().plus(Duration.ofMinutes(options.minutes())),
                options.rate(),
                options.scenario() == Scenario.UPGRADE ? FEW_OPEN : MIN_OPEN,
                options.scenario() == Scenario.CRASH ? 0.2 : 0);
        try (DrillRun run = new DrillRun(system, upstream, settings, random, out::println)) {
            return run.run(options.scenario().text(), fault);
        }
    }

    /** The executors that are there from the beginning. */
    private List<String> first(DrillSystem system) {
        List<String> all = system.executorNames();
        return switch (options.scenario()) {
            case SCALE -> all.subList(0, 1);
            case UPGRADE -> all.subList(0, 2);
            case CRASH, ZOMBIE, REDIS, POSTGRES, FAILOVER -> all;
        };
    }

    private static Fault fault(Scenario scenario, DrillSystem system, SplittableRandom random, Path before) {
        return switch (scenario) {
            case CRASH -> new CrashFault(system, random);
            case ZOMBIE -> new ZombieFault(system);
            case REDIS -> new RedisFault(system, random);
            case POSTGRES -> new PostgresFault(system, random);
            case FAILOVER -> new FailoverFault(system, random);
            case SCALE -> new ScaleFault(system);
            case UPGRADE -> new UpgradeFault(system, before);
        };
    }

    private Path before(Path home, Path folder) {
        OldVersion version = OldVersion.of(home, options.old());
        out.printf("The version before is %s; building it unless it was built before.%n", version.commit());
        return version.build(folder.resolve("versions"));
    }

    private void giveUpInTheEnd() {
        Pause.of(Duration.ofMinutes(options.minutes()).plus(SLACK));
        out.println("The drill hangs: it is broken off.");
        System.exit(BROKEN);
    }

    /** What an earlier drill left is removed, except the unpacked programs and the versions it built. */
    private static Path empty(Path data) {
        try {
            Path folder = Files.createDirectories(data).toRealPath();
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path entry : entries.filter(entry -> !kept(entry)).toList()) {
                    delete(entry);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new DrillFailure("The folder " + data + " cannot be emptied: " + e.getMessage() + ".", e);
        }
    }

    private static void removeData(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.filter(Files::isDirectory)
                    .filter(entry -> !kept(entry))
                    .toList()) {
                delete(entry);
            }
        } catch (IOException e) {
            throw new DrillFailure("The databases in " + folder + " cannot be removed: " + e.getMessage() + ".", e);
        }
    }

    private static boolean kept(Path entry) {
        return KEPT.contains(entry.getFileName().toString());
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
