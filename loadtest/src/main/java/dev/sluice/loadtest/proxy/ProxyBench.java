package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.bench.MarkdownTable;
import dev.sluice.loadtest.compare.Children;
import dev.sluice.loadtest.compare.CompareFailure;
import dev.sluice.loadtest.compare.Workshop;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * Measures how many requests a second go through each proxy, what that costs of CPU, and how long answers take with 70 % of
 * that, of what Sluice takes as well as of what each takes itself. All run at once, one is measured after the other, round by
 * round; the table has the medians.
 */
public final class ProxyBench {

    private static final double LOAD = 0.7;

    private final ProxyOptions options;
    private final Wrk wrk;
    private final PrintStream out;

    private ProxyBench(ProxyOptions options, Wrk wrk, PrintStream out) {
        this.options = options;
        this.wrk = wrk;
        this.out = out;
    }

    /** Ends with status 1 and one sentence when it cannot run. */
    public static void main(String[] arguments) {
        Path home = Path.of(System.getenv().getOrDefault("SLUICE_HOME", ".")).toAbsolutePath();
        try (Children children = new Children()) {
            ProxyOptions options = ProxyOptions.parse(List.of(arguments), home);
            Workshop workshop = new Workshop(home, options.folder(), options.port(), options.port() + 9, children);
            workshop.unpack("proxy", "load.lua");
            Wrk wrk = new Wrk(workshop.of("proxy").resolve("load.lua"), options.connections());
            new ProxyBench(options, wrk, System.out).run(new Proxies(workshop));
        } catch (CompareFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run(Proxies proxies) {
        proxies.startUpstream();
        Optional<Contender> nginx = proxies.nginx();
        List<Contender> all = new ArrayList<>(List.of(proxies.everythingOn(), proxies.allOff(), proxies.bareGateway()));
        nginx.ifPresent(all::add);
        proxies.haproxy().ifPresentOrElse(all::add, () -> out.println("HAProxy is not installed, and left out."));
        all.forEach(this::warmUp);
        List<Measured> most = rounds(all, i -> wrk.all(all.get(i), options.seconds()));
        double rate = most.getFirst().perSecond() * LOAD;
        List<Measured> paced = paced(all, most, i -> rate);
        List<Measured> own = paced(all, most, i -> most.get(i).perSecond() * LOAD);
        report(all, List.of(most, paced, own), rate);
    }

    private List<Measured> paced(List<Contender> all, List<Measured> most, IntToDoubleFunction rate) {
        // With less to do it answers in about a third of the time.
        return rounds(
                all,
                i -> wrk.paced(
                        all.get(i),
                        options.seconds(),
                        rate.applyAsDouble(i),
                        most.get(i).p50Millis() / 3));
    }

    private void warmUp(Contender contender) {
        out.println("warming up: " + contender.title());
        Measured ignored = wrk.all(contender, options.warmUp());
    }

    /** The medians of each, in their order. */
    private List<Measured> rounds(List<Contender> all, IntFunction<Measured> turn) {
        List<List<Measured>> taken = all.stream()
                .map(contender -> (List<Measured>) new ArrayList<Measured>())
                .toList();
        for (int round = 1; round <= options.rounds(); round++) {
            for (int i = 0; i < all.size(); i++) {
                Measured measured = turn.apply(i);
                out.println("round " + round + ": " + all.get(i).title() + ": " + line(measured));
                taken.get(i).add(measured);
            }
        }
        return taken.stream().map(Measured::median).toList();
    }

    private static String line(Measured measured) {
        return "%.0f/s, p50 %.2f ms, p99 %.2f ms, %.1f µs of CPU, %d failures"
                .formatted(
                        measured.perSecond(),
                        measured.p50Millis(),
                        measured.p99Millis(),
                        measured.cpuMicros(),
                        measured.failures());
    }

    /** The measures are the most, then those paced as Sluice, then those paced for itself. */
    private void report(List<Contender> all, List<List<Measured>> measures, double rate) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<String> row = new ArrayList<>(List.of(all.get(i).title()));
            long failures = 0;
            for (List<Measured> measure : measures) {
                Measured measured = measure.get(i);
                row.add("%.0f".formatted(measured.perSecond()));
                row.add("%.2f".formatted(measured.p50Millis()));
                row.add("%.2f".formatted(measured.p99Millis()));
                failures += measured.failures();
            }
            row.add("%.1f".formatted(measures.getFirst().get(i).cpuMicros()));
            row.add(Long.toString(failures));
            rows.add(row);
        }
        out.println();
        out.println(MarkdownTable.of(
                List.of(
                        "proxy",
                        "most a second",
                        "p50 ms",
                        "p99 ms",
                        "at 70 % of Sluice's",
                        "p50 ms",
                        "p99 ms",
                        "at 70 % of its own",
                        "p50 ms",
                        "p99 ms",
                        "CPU µs",
                        "failures"),
                rows));
        out.println();
        Machine.describe().forEach(each -> out.println("- " + each));
        out.println(
                "- %d connections of wrk, medians of %d rounds of %d s after %d s of warm-up each; paced for %.0f a second, then for each its own"
                        .formatted(options.connections(), options.rounds(), options.seconds(), options.warmUp(), rate));
    }
}
