package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.drill.DrillFailure;
import dev.sluice.shared.embedded.EmbeddedServerException;
import dev.sluice.shared.embedded.FolderLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code ./sluice bench capacity} runs: scenarios one after another, each on a system of its own. Ends with status 0
 * when all accounts are exact, 1 when one is not, 2 when a scenario cannot run. However it ends, nothing it started is left.
 */
public final class Capacity {

    private static final int INEXACT = 1;
    private static final int BROKEN = 2;

    private Capacity() {}

    /** Takes the options that {@code loadtest/README.md} lists. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        Path home = Path.of(System.getenv().getOrDefault("SLUICE_HOME", ".")).toAbsolutePath();
        try {
            Workbench bench = Workbench.of(List.of(arguments), home, out::println);
            // A second one would empty the folder under the first.
            FolderLock lock = FolderLock.acquire(bench.folder());
            boolean exact = run(bench, out);
            lock.close();
            System.exit(exact ? 0 : INEXACT);
        } catch (CapacityFailure | DrillFailure | EmbeddedServerException e) {
            System.err.println(e.getMessage());
            System.exit(BROKEN);
        } catch (RuntimeException e) {
            // What nobody thought of is no finding about the system either.
            e.printStackTrace();
            System.exit(BROKEN);
        }
    }

    /** The results are written after each scenario: a later one that fails does not take them along. */
    private static boolean run(Workbench bench, PrintStream out) {
        Path file = bench.folder().resolve("results.md");
        List<Findings> all = new ArrayList<>();
        for (String name : bench.options().scenarios()) {
            all.add(Scenarios.of(name).run(bench));
            write(file, all);
        }
        out.println();
        out.print(report(all));
        out.println("\nAlso in " + file + ".");
        return all.stream().allMatch(Findings::exact);
    }

    private static void write(Path file, List<Findings> all) {
        try {
            Files.writeString(file, report(all));
        } catch (IOException e) {
            throw new CapacityFailure("The results cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private static String report(List<Findings> all) {
        return all.stream().map(Findings::markdown).collect(Collectors.joining("\n"))
                + Machine.describe().stream().map(line -> "\n- " + line).collect(Collectors.joining()) + "\n";
    }
}
