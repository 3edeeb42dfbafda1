package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.bench.MarkdownTable;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the same workloads on Sluice and on other engines, one engine after another, and prints one table. An engine that
 * cannot be had is named with the reason, and the others go on.
 */
public final class Compare {

    private static final Duration DRIVER_WARM_UP = Duration.ofSeconds(5);

    private final CompareOptions options;
    private final Workshop workshop;
    private final Load load;
    private final PrintStream out;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Compare(CompareOptions options, Workshop workshop, Load load, PrintStream out) {
        this.options = options;
        this.workshop = workshop;
        this.load = load;
        this.out = out;
    }

    /** Ends with status 1 and one sentence when it cannot run. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        Path home = Path.of(System.getenv().getOrDefault("SLUICE_HOME", ".")).toAbsolutePath();
        try {
            run(CompareOptions.parse(List.of(arguments), home), home, out);
            System.exit(0); // The event loops of driver and simulator would go on.
        } catch (CompareFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(CompareOptions options, Path home, PrintStream out) {
        int upstreamPort = options.port() + 9;
        try (Children children = new Children();
                Load load = new Load();
                UpstreamSimulator upstream = UpstreamSimulator.start("127.0.0.1", upstreamPort)
                        .onErrorMap(e -> new CompareFailure("The simulator cannot start: " + e.getMessage() + ".", e))
                        .blockOptional()
                        .orElseThrow()) {
            Workshop workshop = new Workshop(home, options.folder(), options.port(), upstreamPort, children);
            Compare compare = new Compare(options, workshop, load, out);
            compare.warmUpDriver(upstream);
            options.peers().forEach(compare::measure);
            compare.report();
        }
    }

    /** The first peer must not pay for a driver that is still being compiled. */
    private void warmUpDriver(UpstreamSimulator upstream) {
        Target target = new Target.Http(upstream.uri().resolve("/answer"), Map.of(), "{}", "upstream");
        Figures figures = load.run(target, options.inFlight(), DRIVER_WARM_UP);
        note("The driver alone, against the simulator in its own process: %.0f requests a second."
                .formatted(figures.perSecond()));
    }

    private void measure(String name) {
        Peer peer = Peers.of(name, workshop);
        try {
            out.println(name + ": installing");
            peer.install();
            note("%s: the machine's load average before its start was %.1f."
                    .formatted(
                            name, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
            out.println(name + ": starting");
            RunningPeer running = peer.start();
            running.ways().forEach(way -> measure(running, way));
            running.remarks().forEach(remark -> note(remark.apply(load)));
        } catch (CompareFailure e) {
            note(name + ": not measured to the end. " + e.getMessage());
        } finally {
            workshop.children().stopAll();
        }
    }

    private void measure(RunningPeer peer, Way way) {
        for (Measurement measurement : measurements()) {
            Target target = way.targets().get(measurement.workload());
            if (target != null) {
                out.println(way.title() + ": " + measurement.workload().title() + ", " + measurement.inFlight()
                        + " in flight");
                Line line = measurement.on(peer, way, target, load, options);
                out.println("  " + String.join(" | ", line.cells()));
                lines.add(line);
            }
        }
    }

    private List<Measurement> measurements() {
        return List.of(
                new Measurement(Workload.ONE_STEP, options.inFlight()),
                new Measurement(Workload.NINE_STEPS, options.inFlight()),
                new Measurement(Workload.THREE_CALLS, options.inFlight()),
                new Measurement(Workload.ONE_STEP, 1),
                new Measurement(Workload.NINE_STEPS, 1));
    }

    private void note(String text) {
        out.println(text);
        notes.add(text);
    }

    private void report() {
        notes.add("Each workload: " + options.warmUp() + " s of warm-up, then " + options.seconds() + " s measured");
        List<List<String>> cells = lines.stream().map(Line::cells).toList();
        String report = MarkdownTable.of(Line.HEADINGS, cells) + "\n\n"
                + String.join(
                        "\n", Machine.describe().stream().map("- "::concat).toList())
                + "\n"
                + String.join("\n", notes.stream().map("- "::concat).toList())
                + "\n";
        Path file = options.folder().resolve("results.md");
        try {
            Files.writeString(file, report);
        } catch (IOException e) {
            throw new CompareFailure("The results cannot be written: " + e.getMessage() + ".", e);
        }
        out.println();
        out.print(report);
        out.println("\nAlso in " + file + ".");
    }
}
