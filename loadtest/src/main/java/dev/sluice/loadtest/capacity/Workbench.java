package dev.sluice.loadtest.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What scenarios are run with.
 *
 * @param home     the root of the repository, where the built services are
 * @param folder   for data, logs and results; absolute
 * @param binaries where the servers' programs are unpacked to
 * @param java     further options of the Java of both services
 * @param out      told what goes on
 */
public record Workbench(
        CapacityOptions options, Path home, Path folder, Path binaries, List<String> java, Consumer<String> out) {

    public Workbench {
        java = List.copyOf(java);
    }

    /** With options as they are given on the command line. */
    public static Workbench of(List<String> arguments, Path home, Consumer<String> out) {
        CapacityOptions options = CapacityOptions.parse(arguments);
        try {
            Path folder = Files.createDirectories(options.data()).toRealPath();
            return new Workbench(options, home, folder, folder.resolve("binaries"), List.of(), out);
        } catch (IOException e) {
            throw new CapacityFailure("The folder " + options.data() + " cannot be made: " + e.getMessage() + ".", e);
        }
    }

    /** The same with the servers' programs elsewhere, and services that start soon and run slowly; for tests. */
    public Workbench quick(Path programs) {
        List<String> quick = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        return new Workbench(options, home, folder, programs, quick, out);
    }

    /** Nothing found yet. */
    Findings findings(String title) {
        out.accept(title);
        return new Findings(title, out);
    }
}
